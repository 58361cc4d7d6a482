/**
 * What every module shares: the one exception of the farm and its kinds, and SHA-256. The rooms
 * below hold the job contract, the queue and store ports and their Kafka and S3 sides; none knows
 * the engine.
 */
package farm.darkroom.common;

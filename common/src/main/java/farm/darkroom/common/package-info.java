/**
 * What every module shares: the one exception of the farm and its kinds, waits that double,
 * SHA-256, files that are there as a whole, a bounded map, daemon threads, terminals. The rooms
 * below hold the job contract, the queue and store ports and their Kafka and S3 sides, and pages
 * over HTTP; none knows the engine.
 */
package farm.darkroom.common;

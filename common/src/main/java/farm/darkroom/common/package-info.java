/**
 * What every module shares: FarmException and its kinds, back-off, SHA-256, atomic writes of files,
 * a bounded map, daemon threads, the terminal. The packages below hold the job contract, strict
 * JSON, what files from outside may be, the queue and store ports with their Kafka and S3 sides,
 * and pages over HTTP; none knows the engine.
 */
package farm.darkroom.common;

/**
 * The contract between submitters and workers: the job, its canonical JSON, its id, the record of a
 * finished job and the events between. It knows neither broker, store nor engine.
 */
package farm.darkroom.common.job;

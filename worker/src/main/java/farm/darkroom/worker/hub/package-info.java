/**
 * The Hugging Face hub: its HTTP API, which files of a repository a pipeline needs, and the one
 * layout in which they lie on disk. It knows neither engine nor jobs.
 */
package farm.darkroom.worker.hub;

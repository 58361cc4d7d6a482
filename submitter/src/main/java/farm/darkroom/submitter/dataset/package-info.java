/**
 * A finished batch as a dataset on disk: Hugging Face image folders and WebDataset shards. It reads
 * the store and knows no queue.
 */
package farm.darkroom.submitter.dataset;

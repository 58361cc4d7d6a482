/**
 * From what a user wrote to jobs: lines of JSON, grids over fields and words, seeds and counts. It
 * knows the contract; it publishes nothing.
 */
package farm.darkroom.submitter.sweep;

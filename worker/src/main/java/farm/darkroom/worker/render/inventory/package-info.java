/**
 * The models of this machine and the files that jobs may add to them, on disk: where they lie, what
 * they are, whether they are sound. It starts no engine and knows no jobs.
 */
package farm.darkroom.worker.render.inventory;

/**
 * The engine as this machine has it: what it computes on and with, and what its failures are to the
 * farm. It knows no jobs, and no models but the tiles of a VAE.
 */
package farm.darkroom.worker.render.engine;

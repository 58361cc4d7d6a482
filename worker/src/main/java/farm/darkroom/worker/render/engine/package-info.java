/**
 * The engine as this machine has it: what it computes on and with, and what its failures are to the
 * farm. It knows neither jobs nor models.
 */
package farm.darkroom.worker.render.engine;

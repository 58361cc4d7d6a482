/**
 * The jobs that a worker holds: leases kept and ended, events of their jobs, and patience with what
 * does not answer meanwhile. It knows neither stages nor what becomes of a render.
 */
package farm.darkroom.worker.lease;

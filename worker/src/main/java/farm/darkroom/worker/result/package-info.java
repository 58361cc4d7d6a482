/**
 * What comes out of a render, on its way to files and into the store: results whole, previews in
 * passing. It knows neither queue nor leases nor stages.
 */
package farm.darkroom.worker.result;

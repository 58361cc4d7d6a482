/**
 * The dashboard: one page of a farm's queues, workers, latest pictures and dead jobs. It steers
 * nothing.
 */
package farm.darkroom.infra.dashboard;

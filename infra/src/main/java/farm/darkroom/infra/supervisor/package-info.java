/**
 * Keeps worker processes running: those of a farm in a box, and one for each device. It knows no
 * queue.
 */
package farm.darkroom.infra.supervisor;

/**
 * The farm in a box: an embedded broker and store, worker processes beside them, and the commands
 * that start it.
 */
package farm.darkroom.infra.box;

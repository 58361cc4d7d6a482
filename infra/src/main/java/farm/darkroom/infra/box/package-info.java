/**
 * The farm in a box: an embedded broker and store, worker processes beside them, and the commands
 * that start it. It knows no engine: what renders are other processes.
 */
package farm.darkroom.infra.box;

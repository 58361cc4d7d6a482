/**
 * What people type to render without a farm and to have models, and the flags of a worker. It knows
 * neither broker nor store.
 */
package farm.darkroom.worker.command;

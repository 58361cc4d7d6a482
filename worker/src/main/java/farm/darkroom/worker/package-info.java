/**
 * The worker: lease, render, store, acknowledge. It reaches the engine through worker.render only.
 */
package farm.darkroom.worker;

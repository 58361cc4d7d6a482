/**
 * The worker: lease, render, store, acknowledge. Here its parts are put together: what {@link
 * farm.darkroom.worker.Worker} runs on a farm, and {@link farm.darkroom.worker.LocalRender} without
 * one. It reaches the engine through worker.render only, and no package but command knows it.
 */
package farm.darkroom.worker;

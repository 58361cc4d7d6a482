/**
 * The worker: lease, render, store, acknowledge. It reaches the engine through worker.render only.
 *
 * <p>A job goes from {@link farm.darkroom.worker.Stage} to stage in one thread at a time: the
 * loop's from Idle to the end of Rendering, one of {@link farm.darkroom.worker.Outbound}'s from
 * Storing on. What the stages share (the Station) is thread-safe. Jobs that are rendered together
 * are leased together, and each takes a place of its own in the {@link farm.darkroom.worker.Rack}.
 */
package farm.darkroom.worker;

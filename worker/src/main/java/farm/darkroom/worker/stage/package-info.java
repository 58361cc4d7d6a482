/**
 * The worker as a state machine, a file for each stage. It knows any Renderer, and neither engine
 * nor command line.
 *
 * <p>A job goes from {@link farm.darkroom.worker.stage.Stage} to stage in one thread at a time: the
 * loop's from Idle to the end of Rendering, one of {@link
 * farm.darkroom.worker.stage.CompletionThreads}'s from Storing on. What the stages share (the
 * StageContext) is thread-safe. Jobs that are rendered together are leased together, and each takes
 * a place of its own in the {@link farm.darkroom.worker.lease.JobsBeingStored}.
 */
package farm.darkroom.worker.stage;

package farm.darkroom.submitter.sweep;

import farm.darkroom.common.Counted;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Fills in the seeds of jobs.
 *
 * @param draw a seed for a job that has none
 */
public record Seeding(LongSupplier draw) {
  private static final long SEEDS = 1L << 32;

  /** Draws seeds of 32 bits, which every other tool can type in too. */
  public static Seeding random(Random random) {
    return new Seeding(() -> random.nextLong() & (SEEDS - 1));
  }

  /**
   * The job {@code count} times, each with seeds of its own: one job's images use seed, seed + 1,
   * ..., and the next job goes on behind the last of them.
   *
   * @throws FarmException INVALID_JOB when the seeds leave 0 to 2^63 - 1
   */
  public Stream<RenderJob> seeded(RenderJob job, int count) {
    long first = job.seed().orElseGet(draw);
    long images = (long) count * job.numImagesPerPrompt();
    if (first > Long.MAX_VALUE - (images - 1)) {
      throw FarmException.invalidJob(
          "$.seed: found %d, allowed for %s: 0 to %d"
              .formatted(first, Counted.of(images, "image"), Long.MAX_VALUE - (images - 1)));
    }
    return IntStream.range(0, count)
        .mapToObj(i -> job.withSeed(first + (long) i * job.numImagesPerPrompt()));
  }
}

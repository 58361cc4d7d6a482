package farm.darkroom.infra.bench;

import farm.darkroom.infra.box.FarmBox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What the farm costs: the wall time of demo jobs through one worker process against that of {@code
 * render} of the same jobs in one process, in turn. Both have rendered a few jobs before the clock
 * starts. The pictures must be the same bytes.
 */
@Command(name = "scripts/bench/cost", mixinStandardHelpOptions = true, sortOptions = false)
final class CostBench implements Callable<Integer> {
  private static final int WARM = 20;

  @Option(names = "--jobs", defaultValue = "40", description = "of one run")
  private int jobs;

  @Option(names = "--pairs", defaultValue = "3", description = "of runs")
  private int pairs;

  @Option(names = "--steps", defaultValue = "20", description = "of each job, at 128x128")
  private int steps;

  @Option(names = "--threads", defaultValue = "1", description = "of worker and of render")
  private int threads;

  @Option(names = "--folder", required = true, description = "for broker, store and pictures")
  private Path folder;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new CostBench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchFarm.say("%d jobs of %d steps, 128x128, float32, %d threads", jobs, steps, threads);
    DrawnJobs drawn = new DrawnJobs(steps);
    try (FarmBox box = FarmBox.start(folder.resolve("box"), 0, 0);
        FarmRun farm = new FarmRun(box, threads, folder)) {
      farm.seconds(drawn.next(WARM));
      List<Double> ratios = Stream.generate(() -> pair(farm, drawn)).limit(pairs).toList();
      BenchFarm.say("farm to render, median of %d pairs: %.3f", pairs, Median.of(ratios));
    }
    BenchFarm.sayLoad();
    return 0;
  }

  private double pair(FarmRun farm, DrawnJobs drawn) {
    List<DrawnJobs.Drawn> these = drawn.next(jobs);
    double theirs = farm.seconds(these);
    RenderRun render = new RenderRun(folder.resolve("render"), threads);
    double alone = render.seconds(drawn.next(WARM), these);
    these.forEach(job -> requireSame(job, farm.picture(job), render.picture(job)));
    BenchFarm.say(
        "farm %.2f s (%.4f s/step), render %.2f s (%.4f s/step), ratio %.3f",
        theirs,
        median(these, farm::secondsPerStep),
        alone,
        median(these, render::secondsPerStep),
        theirs / alone);
    return theirs / alone;
  }

  private static double median(
      List<DrawnJobs.Drawn> jobs, ToDoubleFunction<DrawnJobs.Drawn> secondsPerStep) {
    return Median.of(jobs.stream().mapToDouble(secondsPerStep).boxed().toList());
  }

  private static void requireSame(DrawnJobs.Drawn job, byte[] one, byte[] other) {
    if (!Arrays.equals(one, other)) {
      throw new IllegalStateException("job " + job.id() + ": farm and render differ");
    }
  }
}

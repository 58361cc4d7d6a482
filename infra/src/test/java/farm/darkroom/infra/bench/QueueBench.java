package farm.darkroom.infra.bench;

import farm.darkroom.infra.box.FarmBox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the queue costs: a real broker and a real store in this JVM, renderers that do nothing. */
@Command(name = "scripts/bench/queue", mixinStandardHelpOptions = true, sortOptions = false)
final class QueueBench implements Callable<Integer> {
  /** What is measured. */
  enum Part {
    AROUND,
    RATE,
    CROWD,
    RECOVERY
  }

  @Parameters(
      arity = "0..*",
      description = "${COMPLETION-CANDIDATES}; all of them where none is named")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  @Option(names = "--jobs", defaultValue = "200", description = "one at a time, for AROUND")
  private int jobs;

  @Option(names = "--burst", defaultValue = "2000", description = "at once, for RATE and CROWD")
  private int burst;

  @Option(names = "--rounds", defaultValue = "5", description = "of RATE")
  private int rounds;

  @Option(names = "--warm-up", defaultValue = "8000", description = "jobs before them")
  private int warmUp;

  @Option(
      names = "--joining",
      defaultValue = "10000",
      description = "jobs that do not count, at the beginning of each round of RATE")
  private int joining;

  @Option(names = "--workers", defaultValue = "4", description = "processes, for CROWD")
  private int workers;

  @Option(names = "--deaths", defaultValue = "5", description = "of each kind, for RECOVERY")
  private int deaths;

  @Option(names = "--folder", required = true, description = "for broker, store and logs")
  private Path folder;

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new QueueBench())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (FarmBox box = FarmBox.start(folder, 0, 0)) {
      BenchFarm bench = new BenchFarm(box, folder);
      for (Part part : Part.values()) {
        if (parts.contains(part)) {
          measure(part, bench);
        }
      }
    }
    BenchFarm.sayLoad();
    return 0;
  }

  private void measure(Part part, BenchFarm bench) throws IOException, InterruptedException {
    switch (part) {
      case AROUND -> new AroundTheRender(bench).measure(jobs);
      case RATE -> new Rates(bench, joining).measure(burst, rounds, warmUp);
      case CROWD -> {
        new Crowd(bench).measure(1, burst);
        new Crowd(bench).measure(workers, burst);
      }
      case RECOVERY -> new Recovery(bench).measure(deaths);
    }
  }
}

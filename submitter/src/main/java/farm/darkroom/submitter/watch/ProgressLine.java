package farm.darkroom.submitter.watch;

import farm.darkroom.common.job.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The progress line of a batch: a bar, counts, steps per second over all workers, and the estimated
 * time of completion. Not thread-safe.
 */
public final class ProgressLine {
  private static final int WIDTH = 24;
  private static final int MINUTE = 60;

  private final EtaEstimate eta;

  /**
   * @param before how many had ended when watching began
   */
  public ProgressLine(int before) {
    this.eta = new EtaEstimate(before);
  }

  /**
   * The line as it is now.
   *
   * @param iterationsPerSecond of all workers together; 0 when none renders
   * @param gone since watching began
   */
  public String text(JobCounts counts, double iterationsPerSecond, Duration gone) {
    List<String> parts = new ArrayList<>();
    parts.add(bar(counts) + " " + counts.ended() + "/" + counts.total());
    add(parts, counts.of(JobState.STARTED), "rendering");
    add(parts, counts.of(JobState.FAILED), "to be tried again");
    add(parts, counts.of(JobState.DEAD), "dead");
    add(parts, counts.of(JobState.CANCELLED), "cancelled");
    if (iterationsPerSecond > 0) {
      parts.add("%.2f it/s".formatted(iterationsPerSecond));
    }
    eta.update(counts.ended(), gone);
    parts.add(
        counts.isOver()
            ? "in " + clock(gone)
            : "ETA " + eta.left(counts.total(), gone).map(ProgressLine::clock).orElse("--:--"));
    return String.join(", ", parts);
  }

  private static String bar(JobCounts counts) {
    int full = counts.total() == 0 ? WIDTH : (int) ((long) WIDTH * counts.ended() / counts.total());
    return "[" + "#".repeat(full) + "-".repeat(WIDTH - full) + "]";
  }

  private static void add(List<String> parts, int count, String what) {
    if (count > 0) {
      parts.add(count + " " + what);
    }
  }

  private static String clock(Duration time) {
    long seconds = time.toSeconds();
    long hours = seconds / MINUTE / MINUTE;
    String rest = "%02d:%02d".formatted(seconds / MINUTE % MINUTE, seconds % MINUTE);
    return hours > 0 ? hours + ":" + rest : rest;
  }
}

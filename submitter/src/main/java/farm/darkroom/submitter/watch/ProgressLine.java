package farm.darkroom.submitter.watch;

import farm.darkroom.common.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One line that says how far jobs are: a bar, counts, steps per second over all workers, and when
 * it will be over, from the pace so far. For one thread.
 */
public final class ProgressLine {
  private static final int WIDTH = 24;
  private static final int MINUTE = 60;

  private final Instant start;
  private final PaceSoFar pace;

  /**
   * @param start when watching began
   * @param before how many had ended by then
   */
  public ProgressLine(Instant start, int before) {
    this.start = start;
    this.pace = new PaceSoFar(start, before);
  }

  /**
   * The line as it is now.
   *
   * @param iterationsPerSecond of all workers together; 0 when none renders
   */
  public String text(Tally tally, double iterationsPerSecond, Instant now) {
    List<String> parts = new ArrayList<>();
    parts.add(bar(tally) + " " + tally.ended() + "/" + tally.total());
    add(parts, tally.of(JobState.STARTED), "rendering");
    add(parts, tally.of(JobState.FAILED), "to be tried again");
    add(parts, tally.of(JobState.DEAD), "dead");
    add(parts, tally.of(JobState.CANCELLED), "cancelled");
    if (iterationsPerSecond > 0) {
      parts.add("%.2f it/s".formatted(iterationsPerSecond));
    }
    pace.note(tally.ended(), now);
    parts.add(
        tally.isOver()
            ? "in " + clock(Duration.between(start, now))
            : "ETA " + pace.left(tally.total(), now).map(ProgressLine::clock).orElse("--:--"));
    return String.join(", ", parts);
  }

  private static String bar(Tally tally) {
    int full = tally.total() == 0 ? WIDTH : (int) ((long) WIDTH * tally.ended() / tally.total());
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

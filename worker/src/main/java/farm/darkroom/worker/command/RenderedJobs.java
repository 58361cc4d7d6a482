package farm.darkroom.worker.command;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.Counted;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.worker.LocalRender;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/** Reports the files that were written, and failures. Not thread-safe. */
final class RenderedJobs {
  private final PrintWriter out;
  private final PrintWriter err;
  private final StepLine line;
  private boolean allDone = true;

  RenderedJobs(PrintWriter out, PrintWriter err, StepLine line) {
    this.out = requireNonNull(out, "out");
    this.err = requireNonNull(err, "err");
    this.line = requireNonNull(line, "line");
  }

  /** For jobs whose folders lie in {@code folder}. */
  LocalRender.Outcomes in(Path folder) {
    return new LocalRender.Outcomes() {
      @Override
      public void rendered(RenderJob job, RenderRecord record) {
        print(record, folder.resolve(record.id().text()));
      }

      @Override
      public void failed(RenderJob job, FarmException why) {
        line.close();
        err.println("darkroom: " + JobId.of(job).text() + ": " + why.getMessage());
        err.flush();
        allDone = false;
      }
    };
  }

  void print(RenderRecord record, Path folder) {
    line.close();
    record.warnings().forEach(err::println);
    for (StoredImage image : record.images()) {
      out.println(folder.resolve(image.key()));
    }
    out.println(
        String.format(
            Locale.ROOT,
            "%s, %.3f s/step, %.2f it/s",
            Counted.of(record.timings().steps(), "step"),
            record.timings().secondsPerStep(),
            record.timings().stepsPerSecond()));
    out.flush();
  }

  /** Whether every job succeeded. */
  boolean allDone() {
    return allDone;
  }
}

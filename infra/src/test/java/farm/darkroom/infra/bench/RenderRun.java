package farm.darkroom.infra.bench;

import farm.darkroom.common.job.RenderRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The same jobs with {@code darkroom render jobs.jsonl} in one process. */
record RenderRun(Path folder, int threads) {

  /**
   * From the record of the last job to warm up to the record of the last job.
   *
   * @param warm rendered first, by the same process
   */
  double seconds(List<DrawnJobs.Drawn> warm, List<DrawnJobs.Drawn> jobs) {
    try {
      run(Stream.concat(warm.stream(), jobs.stream()).map(DrawnJobs.Drawn::json).toList());
      Duration took = Duration.between(stored(last(warm)), stored(last(jobs)));
      return took.toNanos() / 1e9;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] picture(DrawnJobs.Drawn job) {
    return read(job, "0.png");
  }

  double secondsPerStep(DrawnJobs.Drawn job) {
    return RenderRecord.fromJson(read(job, "record.json")).timings().secondsPerStep();
  }

  private byte[] read(DrawnJobs.Drawn job, String name) {
    try {
      return Files.readAllBytes(folder.resolve(job.id()).resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(List<String> lines) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path file = Files.write(folder.resolve("jobs.jsonl"), lines);
    List<String> arguments =
        List.of(
            "render",
            file.toString(),
            "--output",
            folder.toString(),
            "--dtype",
            "float32",
            "--threads",
            "" + threads);
    try (DarkroomProcess render =
        new DarkroomProcess(Map.of(), folder.resolve("render.log"), arguments)) {
      if (render.end() != 0) {
        throw new IllegalStateException(Files.readString(folder.resolve("render.log")));
      }
    }
  }

  private Instant stored(DrawnJobs.Drawn job) throws IOException {
    return Files.getLastModifiedTime(folder.resolve(job.id()).resolve("record.json")).toInstant();
  }

  private static DrawnJobs.Drawn last(List<DrawnJobs.Drawn> jobs) {
    return jobs.get(jobs.size() - 1);
  }
}

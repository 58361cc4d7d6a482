package farm.darkroom.worker.command;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file with one job, or with several if it ends in .jsonl, or standard input. */
record JobFile(String name) {
  private static final String LINES = ".jsonl";
  private static final int LARGEST = 1 << 20;

  /** Whether it holds a job on each line. */
  boolean hasLines() {
    return name.endsWith(LINES);
  }

  /**
   * The job.
   *
   * @throws FarmException INVALID_JOB that says what is wrong, and where
   */
  RenderJob read() {
    return RenderJob.fromJson(bytes());
  }

  /**
   * The jobs, one a line and one at least; empty lines are passed over.
   *
   * @throws FarmException as {@link #read}, with the line
   */
  List<RenderJob> readLines() {
    List<RenderJob> jobs = new ArrayList<>();
    int number = 0;
    for (String line : new String(bytes(), StandardCharsets.UTF_8).split("\n", -1)) {
      number++;
      if (!line.isBlank()) {
        jobs.add(read(number, line));
      }
    }
    if (jobs.isEmpty()) {
      throw FarmException.invalidJob(name + ": found no jobs");
    }
    return jobs;
  }

  private RenderJob read(int number, String line) {
    try {
      return RenderJob.fromJson(line.getBytes(StandardCharsets.UTF_8));
    } catch (FarmException e) {
      throw FarmException.invalidJob("%s, line %d: %s".formatted(name, number, e.getMessage()));
    }
  }

  private byte[] bytes() {
    try {
      if (name.equals("-")) {
        return System.in.readNBytes(LARGEST + 1);
      }
      if (!Files.isRegularFile(Path.of(name))) {
        throw FarmException.invalidJob(name + ": there is no such file");
      }
      return Files.readAllBytes(Path.of(name));
    } catch (IOException e) {
      throw FarmException.invalidJob(name + ": cannot be read: " + e.getMessage());
    }
  }
}

package farm.darkroom.worker.command;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.input.TextEncoding;
import farm.darkroom.common.job.PromptWarnings;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.WrittenJob;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads jobs from a file, JSON or JSON Lines ({@code .jsonl}), or from standard input. */
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
    if (!hasLines()) {
      return read(shown(), bytes());
    }
    List<RenderJob> jobs = readLines();
    if (jobs.size() > 1) {
      throw FarmException.invalidJob(
          "%s: it holds %d jobs, allowed: one".formatted(name, jobs.size()));
    }
    return jobs.get(0);
  }

  /**
   * The jobs, one a line and one at least; empty lines are passed over.
   *
   * @throws FarmException as {@link #read}, with the line
   */
  List<RenderJob> readLines() {
    List<RenderJob> jobs = new ArrayList<>();
    int number = 0;
    for (String line : text(bytes()).split("\n", -1)) {
      number++;
      Optional<String> complaint = WrittenJob.complaintOfLine(line);
      if (complaint.isPresent()) {
        throw FarmException.invalidJob("%s, line %d: %s".formatted(name, number, complaint.get()));
      }
      if (!line.isBlank()) {
        jobs.add(
            read("%s, line %d".formatted(name, number), line.getBytes(StandardCharsets.UTF_8)));
      }
    }
    if (jobs.isEmpty()) {
      throw FarmException.invalidJob(name + ": found no jobs");
    }
    return jobs;
  }

  /** Warns of what in the prompts may be read differently from what was meant. */
  static void warn(List<RenderJob> jobs, PrintWriter err) {
    PromptWarnings.of(jobs).ifPresent(warning -> err.println("warning: " + warning));
  }

  private static RenderJob read(String where, byte[] json) {
    Optional<String> complaint = WrittenJob.complaint(new String(json, StandardCharsets.UTF_8));
    if (complaint.isPresent()) {
      throw FarmException.invalidJob(where + ": " + complaint.get());
    }
    try {
      return RenderJob.fromJson(json);
    } catch (FarmException e) {
      throw FarmException.invalidJob(where + ": " + e.getMessage() + advice(e.getMessage()));
    }
  }

  /** Sweeps are expanded when they are submitted. */
  private static String advice(String complaint) {
    boolean sweep = Stream.of("$.matrix: ", "$.words: ").anyMatch(complaint::contains);
    return sweep ? "; a sweep is for 'darkroom submit', here each job is written out" : "";
  }

  private String shown() {
    return name.equals("-") ? "standard input" : name;
  }

  private byte[] bytes() {
    byte[] text = anyBytes();
    try {
      TextEncoding.requireUtf8(text);
    } catch (FarmException e) {
      throw FarmException.invalidJob(shown() + ": " + e.getMessage());
    }
    return text;
  }

  private String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw FarmException.invalidJob(name + ": " + DiskReason.of(e));
    }
  }

  private byte[] anyBytes() {
    try {
      if (name.equals("-")) {
        return System.in.readNBytes(LARGEST + 1);
      }
      Path file = Path.of(name);
      if (Files.isRegularFile(file)) {
        return Files.readAllBytes(file);
      }
      if (Files.isDirectory(file) || !Files.exists(file)) {
        boolean folder = Files.isDirectory(file);
        throw FarmException.invalidJob(
            name + ": " + (folder ? "it is a folder, a file is needed" : "there is no such file"));
      }
      try (InputStream pipe = new BufferedInputStream(new FileInputStream(name))) {
        return pipe.readNBytes(LARGEST + 1);
      }
    } catch (IOException e) {
      throw FarmException.invalidJob(name + ": cannot be read: " + DiskReason.of(e));
    }
  }
}

package farm.darkroom.submitter.submit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.input.TextEncoding;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.submitter.sweep.JobLines;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A file of jobs: one a line, or one JSON value that is a job or a list of jobs.
 *
 * @param name a path, or {@code -} for the standard input
 */
public record JobsFile(String name) {
  /** A sweep of 100,000 values may be long; a file without line breaks is none. */
  private static final int LONGEST_LINE = 16 << 20;

  /**
   * All jobs of the file, or none.
   *
   * @param defaults fields for the jobs that do not have them
   * @param change made to each job
   * @throws FarmException INVALID_JOB that names the file, and the lines that are wrong
   */
  public List<RenderJob> read(ObjectNode defaults, UnaryOperator<RenderJob> change) {
    try (InputStream bytes = new BufferedInputStream(open());
        BufferedReader text =
            new BufferedReader(new InputStreamReader(bytes, UTF_8.newDecoder()))) {
      bytes.mark(TextEncoding.MARK);
      TextEncoding.requireUtf8(bytes.readNBytes(TextEncoding.MARK));
      bytes.reset();
      List<RenderJob> jobs = read(text, new JobLines(defaults, change));
      if (jobs.isEmpty()) {
        throw FarmException.invalidJob("found no jobs");
      }
      return jobs;
    } catch (FarmException e) {
      throw new FarmException(e.kind(), shown() + mark(e.getMessage()) + e.getMessage(), e);
    } catch (IOException | UncheckedIOException e) {
      throw FarmException.invalidJob(shown() + " cannot be read: " + DiskReason.of(e));
    }
  }

  private List<RenderJob> read(BufferedReader text, JobLines jobs) throws IOException {
    Optional<JsonNode> whole = new JsonJobsFile(name).read(text);
    return whole.isPresent()
        ? jobs.read(whole.get())
        : jobs.read(new BoundedLines(text, LONGEST_LINE).stream());
  }

  private InputStream open() throws IOException {
    Path path = Path.of(name);
    if (!isStandardInput() && !Files.exists(path)) {
      throw FarmException.invalidJob("there is no such file");
    }
    if (!isStandardInput() && Files.isDirectory(path)) {
      throw FarmException.invalidJob("it is a folder, allowed: a file of jobs");
    }
    return isStandardInput() ? System.in : new FileInputStream(name);
  }

  private boolean isStandardInput() {
    return name.equals("-");
  }

  private String shown() {
    return isStandardInput() ? "standard input" : name;
  }

  /** Between the file's name and what is wrong: a place in it, or it as a whole. */
  private static String mark(String complaint) {
    return complaint.startsWith(JobLines.LINE) || complaint.startsWith(JobLines.JOB) ? ", " : ": ";
  }
}

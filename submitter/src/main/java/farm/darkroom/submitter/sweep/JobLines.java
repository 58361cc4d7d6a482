package farm.darkroom.submitter.sweep;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.WrittenJob;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.json.Problems;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Reads {@code jobs.jsonl}: a job or a {@link Sweep} on each line; blank lines are passed over. */
public final class JobLines {
  /** What stands before the number of a line in a complaint. */
  public static final String LINE = "line ";

  /** What precedes the number of a job in a list, in error messages. */
  public static final String JOB = "job ";

  private static final int MOST_BAD_LINES = 20;
  private final ObjectNode defaults;
  private final UnaryOperator<RenderJob> change;

  /**
   * @param defaults fields for the jobs that do not have them, such as from flags
   * @param change made to each job; what it refuses is named with the job's place
   */
  public JobLines(ObjectNode defaults, UnaryOperator<RenderJob> change) {
    this.defaults = defaults.deepCopy();
    this.change = requireNonNull(change, "change");
  }

  /**
   * All jobs, in order, or none: a file with a bad line has no jobs.
   *
   * @throws FarmException INVALID_JOB that names the lines and what is wrong with them
   */
  public List<RenderJob> read(Stream<String> lines) {
    Problems problems = new Problems();
    List<RenderJob> jobs = new ArrayList<>();
    int number = 0;
    for (Iterator<String> i = lines.iterator(); i.hasNext() && isReadable(problems); ) {
      String line = i.next();
      number++;
      Optional<String> complaint = WrittenJob.complaintOfLine(line);
      if (complaint.isPresent()) {
        problems.add(LINE + number, complaint.get());
        break;
      }
      if (!line.isBlank()) {
        add(() -> Json.parse(line), LINE + number, jobs, problems);
      }
    }
    problems.throwIfAny();
    return List.copyOf(jobs);
  }

  /**
   * The jobs of one JSON value: those of one job or sweep, or of a list of them.
   *
   * @throws FarmException INVALID_JOB that names the jobs of the list that are wrong
   */
  public List<RenderJob> read(JsonNode whole) {
    if (!whole.isArray()) {
      return expand(whole).toList();
    }
    Problems problems = new Problems();
    List<RenderJob> jobs = new ArrayList<>();
    for (int i = 0; i < whole.size() && isReadable(problems); i++) {
      JsonNode written = whole.get(i);
      add(() -> written, JOB + (i + 1), jobs, problems);
    }
    problems.throwIfAny();
    return List.copyOf(jobs);
  }

  /**
   * The jobs of one job or sweep.
   *
   * @throws FarmException INVALID_JOB
   */
  public Stream<RenderJob> expand(JsonNode written) {
    return jobs(sweep(written));
  }

  private Stream<RenderJob> jobs(Sweep sweep) {
    return sweep.jobs().map(RenderJob::fromJson).map(change);
  }

  private Sweep sweep(JsonNode written) {
    if (!(written instanceof ObjectNode job)) {
      throw FarmException.invalidJob("$: found " + Found.of(written) + ", allowed: an object");
    }
    ObjectNode filled = job.deepCopy();
    defaults
        .properties()
        .forEach(field -> filled.putIfAbsent(field.getKey(), field.getValue().deepCopy()));
    return Sweep.of(filled);
  }

  private void add(
      Supplier<JsonNode> written, String where, List<RenderJob> jobs, Problems problems) {
    try {
      Sweep sweep = sweep(written.get());
      if (jobs.size() + sweep.count() > Sweep.MOST_JOBS) {
        throw FarmException.invalidJob(
            "found more than %d jobs so far, allowed: as many in one submission"
                .formatted(Sweep.MOST_JOBS));
      }
      jobs(sweep).forEach(jobs::add);
    } catch (FarmException e) {
      problems.add(where, e.getMessage());
    }
  }

  private static boolean isReadable(Problems problems) {
    return problems.lines().size() < MOST_BAD_LINES;
  }
}

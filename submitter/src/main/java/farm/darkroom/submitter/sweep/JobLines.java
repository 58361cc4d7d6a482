package farm.darkroom.submitter.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.json.Problems;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Reads {@code jobs.jsonl}: a job or a {@link Sweep} on each line; blank lines are passed over. */
public final class JobLines {
  private static final int MOST_BAD_LINES = 20;
  private final ObjectNode defaults;

  /**
   * @param defaults fields for the jobs that do not have them, such as from flags
   */
  public JobLines(ObjectNode defaults) {
    this.defaults = defaults.deepCopy();
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
      if (!line.isBlank()) {
        add(line, number, jobs, problems);
      }
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

  private static Stream<RenderJob> jobs(Sweep sweep) {
    return sweep.jobs().map(RenderJob::fromJson);
  }

  private Sweep sweep(JsonNode written) {
    if (!(written instanceof ObjectNode job)) {
      throw FarmException.invalidJob("$: found " + Found.of(written) + ", allowed is an object");
    }
    ObjectNode filled = job.deepCopy();
    defaults
        .properties()
        .forEach(field -> filled.putIfAbsent(field.getKey(), field.getValue().deepCopy()));
    return Sweep.of(filled);
  }

  private void add(String line, int number, List<RenderJob> jobs, Problems problems) {
    try {
      Sweep sweep = sweep(Json.parse(line));
      if (jobs.size() + sweep.count() > Sweep.MOST_JOBS) {
        throw FarmException.invalidJob(
            "found more than %d jobs so far, allowed are as many in one submission"
                .formatted(Sweep.MOST_JOBS));
      }
      jobs(sweep).forEach(jobs::add);
    } catch (FarmException e) {
      problems.add("line " + number, e.getMessage());
    }
  }

  private static boolean isReadable(Problems problems) {
    return problems.lines().size() < MOST_BAD_LINES;
  }
}

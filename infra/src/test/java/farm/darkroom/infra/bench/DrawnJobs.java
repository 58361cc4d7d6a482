package farm.darkroom.infra.bench;

import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.queue.JobPublisher.Posting;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Jobs for the demo model, no two alike. Not thread-safe. */
final class DrawnJobs {
  private final int steps;
  private long seed;

  DrawnJobs(int steps) {
    this.steps = steps;
  }

  /** One job, as it is typed. */
  record Drawn(String json, RenderJob job) {
    String id() {
      return JobId.of(job).text();
    }

    Posting posting() {
      return new Posting(id(), new QueuedJob(job, Optional.empty(), Instant.now()).toJson());
    }
  }

  List<Drawn> next(int count) {
    return Stream.generate(this::next).limit(count).toList();
  }

  private Drawn next() {
    String json =
        ("{\"model\": \"demo\", \"prompt\": \"a red cube\", \"seed\": %d, \"height\": 128,"
                + " \"width\": 128, \"guidance_scale\": 4, \"num_inference_steps\": %d}")
            .formatted(seed++, steps);
    return new Drawn(json, RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8)));
  }
}

package farm.darkroom.infra.chaos;

import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.LongStream;

/** Small jobs that differ by seed. */
final class SmallJobs {
  private SmallJobs() {}

  static List<RenderJob> of(long firstSeed, int count, int steps) {
    return LongStream.range(firstSeed, firstSeed + count)
        .mapToObj(seed -> one("a red cube", seed, steps))
        .toList();
  }

  /** Every third job has two images. */
  static RenderJob one(String prompt, long seed, int steps) {
    String json =
        ("{\"model\":\"demo\",\"prompt\":\"%s\",\"seed\":%d,\"num_inference_steps\":%d,"
                + "\"height\":64,\"width\":64,\"num_images_per_prompt\":%d}")
            .formatted(prompt, seed, steps, seed % 3 == 0 ? 2 : 1);
    return RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8));
  }

  static List<String> ids(Collection<RenderJob> jobs) {
    return jobs.stream().map(job -> JobId.of(job).text()).toList();
  }
}

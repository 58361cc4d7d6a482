package farm.darkroom.infra.box;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A small grid of prompts that the demo model draws well: one solid, guidance 4, no negative prompt
 * (worker/demo-model/REPORT.md).
 */
final class DemoJobs {
  private static final List<String> SOLIDS =
      List.of(
          "red sphere",
          "blue cube",
          "yellow cone",
          "green cylinder",
          "purple sphere",
          "orange cone",
          "white cylinder",
          "black cube");
  private static final List<String> PLACES =
      List.of(
          "on a checkerboard floor at sunset",
          "in the snow by day",
          "in a meadow under a blue sky",
          "on sand at night",
          "on a plain floor in a studio");

  private DemoJobs() {}

  /** {@code count} jobs, always the same ones. */
  static List<RenderJob> grid(int count) {
    return IntStream.range(0, count).mapToObj(DemoJobs::job).toList();
  }

  private static RenderJob job(int i) {
    String prompt =
        "a large shiny %s %s"
            .formatted(
                SOLIDS.get(i % SOLIDS.size()), PLACES.get((i + i / SOLIDS.size()) % PLACES.size()));
    String json =
        """
        {"model": "demo", "prompt": "%s", "seed": %d, "num_inference_steps": 30, "guidance_scale": 4}
        """
            .formatted(prompt, 1000 + i);
    return RenderJob.fromJson(Json.parse(json.getBytes(StandardCharsets.UTF_8)));
  }
}

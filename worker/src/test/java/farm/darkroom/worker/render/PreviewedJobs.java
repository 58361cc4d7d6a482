package farm.darkroom.worker.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.render.input.LocalInputs;
import farm.darkroom.worker.render.inventory.TestFolders;
import java.time.Clock;
import java.util.Optional;

/** Small jobs of the demo model, of 96 by 64 pixels and four steps, and who previews them. */
final class PreviewedJobs {
  static final RenderPlan PLAN = RenderPlan.of(Residency.RESIDENT);

  private PreviewedJobs() {}

  static RenderJob job(String fields) {
    String json =
        ("{'model': 'demo', 'prompt': 'a red ball', 'num_inference_steps': 4, 'height': 64,"
                + " 'width': 96, %s}")
            .formatted(fields)
            .replace('\'', '"');
    return RenderJob.fromJson(json.getBytes(UTF_8));
  }

  /**
   * @param vae the folder or name of the autoencoder that makes previews
   */
  static SdxlRenderer renderer(EngineSettings settings, Optional<String> vae) {
    return new SdxlRenderer(
        settings, TestFolders.demo(), new LocalInputs(), Clock.systemUTC(), System::nanoTime, vae);
  }
}

package farm.darkroom.worker.render;

import farm.darkroom.common.job.RefinerChoice;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.json.FieldWriter;
import java.util.Optional;

/** The smallest job that shows whether a model works on this worker. */
final class ProbeJob {
  static final String KNOWN_GOOD = "demo";
  private static final int EDGE = 64;
  private static final int STEPS = 2;
  private static final double HALF = 0.5;

  private ProbeJob() {}

  static RenderJob plain() {
    return of(KNOWN_GOOD, Optional.empty());
  }

  /** A job for the same models. */
  static RenderJob like(RenderJob suspect) {
    return of(suspect.model(), suspect.refiner().map(RefinerChoice::model));
  }

  private static RenderJob of(String model, Optional<String> refiner) {
    FieldWriter job =
        new FieldWriter()
            .put("model", model)
            .put("prompt", "a red ball")
            .put("seed", 0)
            .put("num_inference_steps", STEPS)
            .put("height", EDGE)
            .put("width", EDGE);
    refiner.ifPresent(
        name ->
            job.put(
                "refiner",
                new FieldWriter().put("model", name).put("denoising_start", HALF).done()));
    return RenderJob.fromJson(job.done());
  }
}

package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Multistep consistency sampling: Latent Consistency Models (Luo et al.), algorithm 3. Each step
 * predicts the clean image and adds fresh noise, the last one none. Stateless.
 */
final class LCMScheduler extends DistilledScheduler {
  static final List<Option> OPTIONS = options();

  private static final double SIGMA = 0.5;

  private final SampleClipping bounds;

  LCMScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    bounds = new SampleClipping(config, math);
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    int timestep = (int) timestep(index);
    double next = last(index) ? 1 : alpha((int) timestep(index + 1));
    double signal = Math.sqrt(next);
    // The boundary conditions of consistency models (Song et al.), appendix C.
    double scaled = timestep * config().real("timestep_scaling");
    double skip = SIGMA * SIGMA / (scaled * scaled + SIGMA * SIGMA);
    double out = scaled / Math.hypot(scaled, SIGMA);
    try (LinearCombination mix = new LinearCombination(math())) {
      NDArray clean = mix.own(bounds.clean(prediction(alpha(timestep)), sample, modelOutput));
      mix.add(signal * out, clean).add(signal * skip, sample);
      if (!last(index)) {
        mix.draw(Math.sqrt(1 - next), noise, modelOutput);
      }
      return mix.sum();
    }
  }
}

package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Strategic stochastic sampling: Trajectory Consistency Distillation (Zheng et al.), algorithm 4.
 * {@code eta} (gamma in the paper) says how far below the next timestep a step goes before noise
 * brings it back; 0 adds none. Its default is that of the pipelines, 0, not that of diffusers'
 * {@code TCDScheduler.step}, which they never use. Stateless.
 */
final class TCDScheduler extends DistilledScheduler {
  static final List<Option> OPTIONS =
      Options.all(options(), List.of(Options.real("eta", 0.0, 0, 1)));

  TCDScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    double eta = config().real("eta");
    double next = last(index) ? 0 : timestep(index + 1);
    // In float32, since the product decides by its floor.
    double below = alpha((int) Math.floor((float) (1 - eta) * (float) next));
    double back = eta > 0 && !last(index) ? alpha((int) next) / below : 1;
    Prediction prediction = prediction(alpha((int) timestep(index)));
    try (LinearCombination mix = new LinearCombination(math())) {
      mix.addClean(Math.sqrt(back * below), prediction, sample, modelOutput);
      mix.addNoise(Math.sqrt(back * (1 - below)), prediction, sample, modelOutput);
      if (eta > 0 && !last(index)) {
        mix.draw(Math.sqrt(1 - back), noise, modelOutput);
      }
      return mix.sum();
    }
  }
}

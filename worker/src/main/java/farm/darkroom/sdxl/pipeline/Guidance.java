package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.Optional;

/**
 * Classifier-free guidance (Ho and Salimans 2022), its rescaling (Lin et al. 2023, section 3.4) and
 * perturbed attention guidance. What they lead away from are predictions of their own, in this
 * order: for the negative prompt, for the prompt, and for the prompt with perturbed attention.
 *
 * @param guidanceScale at 1 and below there is no prediction for the negative prompt
 * @param guidanceRescale 0 for none
 * @param perturbed empty: no prediction with perturbed attention
 */
public record Guidance(
    double guidanceScale, double guidanceRescale, Optional<PerturbedAttention> perturbed) {

  /** Classifier-free guidance alone. */
  public Guidance(double guidanceScale, double guidanceRescale) {
    this(guidanceScale, guidanceRescale, Optional.empty());
  }

  /** How many predictions a step makes of a picture, by a model that is not distilled. */
  public static int predictions(double guidanceScale, boolean perturbed) {
    return (guidanceScale > 1 ? 2 : 1) + (perturbed ? 1 : 0);
  }

  /** Whether a prediction is made for the negative prompt too. */
  public boolean doClassifierFreeGuidance() {
    return guidanceScale > 1;
  }

  /**
   * A step's predictions for a picture as one, {@code [1, 4, h, w]}.
   *
   * @param predictions one behind the other
   * @param negative whether there is one for the negative prompt
   */
  NDArray apply(
      Kernels kernels, NDManager owner, NDArray predictions, boolean negative, double timestep) {
    if (perturbed.isEmpty()) {
      return negative
          ? kernels.tensor(owner, "guided", predictions, guidanceScale, guidanceRescale)
          : predictions;
    }
    double away = perturbed.get().scaleAt(timestep);
    return negative
        ? kernels.tensor(owner, "guided_away", predictions, guidanceScale, guidanceRescale, away)
        : kernels.tensor(owner, "led_away", predictions, away);
  }
}

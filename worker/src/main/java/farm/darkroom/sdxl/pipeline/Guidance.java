package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Classifier-free guidance (Ho and Salimans 2022), its rescaling (Lin et al. 2023, section 3.4) and
 * perturbed attention guidance. What they lead away from are predictions of their own, in this
 * order: for the negative prompt, for the prompt, and for the prompt with perturbed attention.
 * Where a picture is edited, they are others (Brooks et al. 2022, equation 3): for prompt and
 * picture, for the negative prompt and the picture, and for the negative prompt alone.
 *
 * @param guidanceScale at 1 and below there is no prediction for the negative prompt
 * @param imageGuidanceScale how strongly the picture that is edited pulls; below 1 there is no
 *     prediction for the negative prompt either; empty: none is edited
 * @param guidanceRescale 0 for none
 * @param perturbed empty: no prediction with perturbed attention
 */
public record Guidance(
    double guidanceScale,
    OptionalDouble imageGuidanceScale,
    double guidanceRescale,
    Optional<PerturbedAttention> perturbed) {

  /** Classifier-free guidance alone. */
  public Guidance(double guidanceScale, double guidanceRescale) {
    this(guidanceScale, OptionalDouble.empty(), guidanceRescale, Optional.empty());
  }

  /**
   * How many predictions a step makes of a picture, by a model that is not distilled.
   *
   * @param imageGuidanceScale as in the record
   */
  public static int predictions(
      double guidanceScale, OptionalDouble imageGuidanceScale, boolean perturbed) {
    int guided = imageGuidanceScale.isPresent() ? 3 : 2;
    return (isGuided(guidanceScale, imageGuidanceScale) ? guided : 1) + (perturbed ? 1 : 0);
  }

  /** Whether a prediction is made for the negative prompt too. */
  public boolean doClassifierFreeGuidance() {
    return isGuided(guidanceScale, imageGuidanceScale);
  }

  private static boolean isGuided(double guidanceScale, OptionalDouble imageGuidanceScale) {
    return guidanceScale > 1 && imageGuidanceScale.orElse(1) >= 1;
  }

  /**
   * A step's predictions for a picture as one, {@code [1, 4, h, w]}.
   *
   * @param predictions one behind the other
   * @param negative whether there is one for the negative prompt
   */
  NDArray apply(
      Kernels kernels, NDManager owner, NDArray predictions, boolean negative, double timestep) {
    if (imageGuidanceScale.isPresent()) {
      double scale = imageGuidanceScale.getAsDouble();
      return negative
          ? kernels.tensor(owner, "guided_edit", predictions, guidanceScale, scale, guidanceRescale)
          : predictions;
    }
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

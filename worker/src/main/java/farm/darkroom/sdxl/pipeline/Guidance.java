package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;

/**
 * Classifier-free guidance (Ho and Salimans 2022) and its rescaling (Lin et al. 2023, section 3.4).
 *
 * @param guidanceScale at 1 and below there is no second prediction
 * @param guidanceRescale 0 for none
 */
public record Guidance(double guidanceScale, double guidanceRescale) {

  /** Whether a prediction is made for the negative prompt too. */
  public boolean doClassifierFreeGuidance() {
    return guidanceScale > 1;
  }

  /** {@code [2n, 4, h, w]}, negative half first, to {@code [n, 4, h, w]}. */
  NDArray apply(Kernels kernels, NDManager owner, NDArray prediction) {
    return kernels.tensor(owner, "guided", prediction, guidanceScale, guidanceRescale);
  }
}

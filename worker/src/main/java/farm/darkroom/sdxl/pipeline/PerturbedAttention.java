package farm.darkroom.sdxl.pipeline;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.unet.PerturbedLayers;

/**
 * Perturbed attention guidance (Ahn et al. 2024; diffusers: PAGMixin): the picture is led away from
 * a prediction for the same prompt whose self-attentions see each place alone.
 *
 * @param scale {@code pag_scale}, how far
 * @param adaptiveScale {@code pag_adaptive_scale}, how much of the scale each timestep takes away;
 *     0 for none
 * @param layers where self-attention is taken away
 */
public record PerturbedAttention(double scale, double adaptiveScale, PerturbedLayers layers) {
  private static final int FIRST_TIMESTEP = 1000;

  public PerturbedAttention {
    requireNonNull(layers, "layers");
  }

  /** What is left of the scale at a timestep: in float32, as diffusers' timesteps are tensors. */
  double scaleAt(double timestep) {
    if (adaptiveScale <= 0) {
      return scale;
    }
    float taken = (float) adaptiveScale * (FIRST_TIMESTEP - (float) timestep);
    return Math.max((float) scale - taken, 0);
  }
}

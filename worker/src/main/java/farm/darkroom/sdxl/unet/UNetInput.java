package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;

/**
 * One step's input. Tensors stay the caller's.
 *
 * @param sample scaled noisy latents, float32 {@code [n, in_channels, h, w]}; h and w of any size
 * @param timestep may be fractional
 * @param conditioning of the same n
 * @param timestepCond guidance embedding {@code [n, time_cond_proj_dim]} of LCM-style models
 * @param control residuals of ControlNets
 * @param adapter features of T2I-Adapters, which the way down takes in; empty: none
 * @param freeU what the way up is scaled by
 */
public record UNetInput(
    NDArray sample,
    double timestep,
    UNetConditioning conditioning,
    Optional<NDArray> timestepCond,
    Optional<ControlResiduals> control,
    List<NDArray> adapter,
    Optional<FreeU> freeU) {

  public UNetInput {
    adapter = List.copyOf(adapter);
  }

  /** Without guidance embedding, ControlNet, T2I-Adapter and FreeU. */
  public static UNetInput of(NDArray sample, double timestep, UNetConditioning conditioning) {
    return new UNetInput(
        sample,
        timestep,
        conditioning,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }
}

package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.unet.UNet2DConditionModel;
import farm.darkroom.sdxl.unet.UNetConditioning;
import farm.darkroom.sdxl.unet.UNetInput;
import java.util.Optional;

/**
 * The UNet with a job's conditioning and guidance. Closing it closes the conditioning.
 *
 * @param timestepCond the guidance embedding of distilled models
 */
record Denoiser(
    Kernels kernels,
    UNet2DConditionModel unet,
    UNetConditioning conditioning,
    boolean free,
    Guidance guidance,
    Optional<NDArray> timestepCond)
    implements AutoCloseable {

  /** What the model makes of the scaled latents {@code [1, c, h, w]}, guidance applied. */
  NDArray predict(NDManager owner, NDArray input, double timestep) {
    NDArray sample = free ? kernels.tensor(owner, "twice", input) : input;
    NDArray prediction =
        unet.forward(
            owner, new UNetInput(sample, timestep, conditioning, timestepCond, Optional.empty()));
    return free ? guidance.apply(kernels, owner, prediction) : prediction;
  }

  @Override
  public void close() {
    conditioning.close();
  }
}

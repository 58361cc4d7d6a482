package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.unet.ControlResiduals;
import farm.darkroom.sdxl.unet.FreeU;
import farm.darkroom.sdxl.unet.UNet2DConditionModel;
import farm.darkroom.sdxl.unet.UNetConditioning;
import farm.darkroom.sdxl.unet.UNetInput;
import java.util.Optional;

/**
 * The UNet with a job's conditioning and guidance. Closing it closes the conditioning.
 *
 * @param doClassifierFreeGuidance whether a prediction is made for the negative prompt too
 * @param timestepCond the guidance embedding of distilled models, a row for each prediction
 * @param controlNets of the request's ControlNets
 * @param adapter features of the request's T2I-Adapters
 * @param freeU what the UNet's way up is scaled by
 */
record Denoiser(
    Kernels kernels,
    UNet2DConditionModel unet,
    UNetConditioning conditioning,
    boolean doClassifierFreeGuidance,
    Guidance guidance,
    Optional<NDArray> timestepCond,
    MultiControlNet controlNets,
    AdapterFeatures adapter,
    Optional<FreeU> freeU)
    implements AutoCloseable {

  /**
   * Predicts a step's model output, with guidance applied.
   *
   * @param input as for {@link #sample}
   * @param scaled what ControlNets see of them {@code [1, 4, h, w]}
   * @param step from 0
   */
  NDArray predict(NDManager owner, NDArray input, NDArray scaled, double timestep, int step) {
    Optional<ControlResiduals> control = controlNets.residuals(owner, scaled, timestep, step);
    NDArray prediction =
        unet.forward(
            owner,
            new UNetInput(
                sample(owner, input),
                timestep,
                conditioning,
                timestepCond,
                control,
                adapter.at(step),
                freeU));
    return guided(owner, prediction, timestep);
  }

  /** Whether what steers it is its own, so that it shares the UNet's calls with no other. */
  boolean goesAlone() {
    return controlNets.isActive() || adapter.isActive();
  }

  /**
   * The UNet's input for a step: repeated for the predictions of guidance.
   *
   * @param input what the UNet sees of the latents, {@code [1, c, h, w]}, or a row for each
   *     prediction
   */
  NDArray sample(NDManager owner, NDArray input) {
    long rows = input.getShape().get(0);
    return kernels.tensor(owner, "repeated", input, conditioning.batch() / rows);
  }

  /** Applies guidance to the UNet's output for {@link #sample}. */
  NDArray guided(NDManager owner, NDArray prediction, double timestep) {
    return guidance.apply(kernels, owner, prediction, doClassifierFreeGuidance, timestep);
  }

  @Override
  public void close() {
    conditioning.close();
    controlNets.endStage();
    controlNets.close();
  }
}

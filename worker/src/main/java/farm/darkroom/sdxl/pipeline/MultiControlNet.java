package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.unet.ControlNetConditioning;
import farm.darkroom.sdxl.unet.ControlNetModel;
import farm.darkroom.sdxl.unet.ControlResiduals;
import farm.darkroom.sdxl.unet.ControlScale;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ControlNets of one request, each with its own conditioning (diffusers: MultiControlNetModel,
 * MultiControlNetUnionModel). Closing it closes the conditioning.
 */
final class MultiControlNet implements AutoCloseable {
  private final Kernels kernels;
  private final boolean doClassifierFreeGuidance;
  private final boolean guessMode;
  private final int steps;
  private final List<Net> nets = new ArrayList<>();

  private record Net(Control control, ControlNetConditioning view) {}

  /**
   * @param doClassifierFreeGuidance whether a prediction is made for the negative prompt too
   * @param guessMode whether only the conditional half is steered
   * @param steps that the request would do without {@code denoising_end}
   */
  MultiControlNet(Kernels kernels, boolean doClassifierFreeGuidance, boolean guessMode, int steps) {
    this.kernels = kernels;
    this.doClassifierFreeGuidance = doClassifierFreeGuidance;
    this.guessMode = guessMode;
    this.steps = steps;
  }

  void add(Control control, ControlNetConditioning view) {
    nets.add(new Net(control, view));
  }

  /** Whether there is any. */
  boolean isActive() {
    return !nets.isEmpty();
  }

  /**
   * What is added in one step; empty when no network steers it.
   *
   * @param scaled latents {@code [1, 4, h, w]}
   * @param step from 0
   */
  Optional<ControlResiduals> residuals(NDManager owner, NDArray scaled, double timestep, int step) {
    if (nets.isEmpty()) {
      return Optional.empty();
    }
    long rows = nets.get(0).view().text().batch();
    NDArray sample = kernels.tensor(owner, "repeated", scaled, rows);
    return nets.stream()
        .flatMap(net -> residuals(net, owner, sample, timestep, step).stream())
        .reduce((sum, one) -> sum.plus(one, kernels, owner))
        .map(all -> doClassifierFreeGuidance && guessMode ? all.afterZeros(kernels, owner) : all);
  }

  private Optional<ControlResiduals> residuals(
      Net net, NDManager owner, NDArray sample, double timestep, int step) {
    ControlNetModel model = net.control().net().model();
    return scale(net.control().images(), step)
        .map(scale -> model.forward(owner, sample, timestep, net.view(), scale, guessMode));
  }

  /**
   * Empty: the network does not steer. As in diffusers, the scales of several images of the only
   * network weigh these against each other, so it is run even where all are 0.
   */
  private Optional<ControlScale> scale(List<ControlImage> images, int step) {
    if (nets.size() == 1 && images.size() > 1) {
      return Optional.of(
          ControlScale.ofImages(images.stream().map(image -> image.scaleAt(step, steps)).toList()));
    }
    double scale = images.get(0).scaleAt(step, steps);
    return scale == 0
        ? Optional.empty()
        : Optional.of(ControlScale.ofResiduals(images.size(), scale));
  }

  /** The steps are over; see {@link LoadedWeights#endStage}. */
  void endStage() {
    nets.forEach(net -> net.control().net().endStage());
  }

  @Override
  public void close() {
    nets.forEach(net -> net.view().close());
    nets.clear();
  }
}

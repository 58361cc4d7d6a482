package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.unet.ControlNetConditioning;
import farm.darkroom.sdxl.unet.ControlResiduals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ControlNets of one request, each with its view of text and picture (diffusers:
 * MultiControlNetModel). Closing it closes the views.
 */
final class Steering implements AutoCloseable {
  private final Kernels kernels;
  private final boolean free;
  private final boolean guessMode;
  private final int steps;
  private final List<Control> controls = new ArrayList<>();
  private final List<ControlNetConditioning> views = new ArrayList<>();

  /**
   * @param free whether predictions are made with the negative prompt too
   * @param guessMode whether only the conditional half is steered
   * @param steps that the request would do without {@code denoising_end}
   */
  Steering(Kernels kernels, boolean free, boolean guessMode, int steps) {
    this.kernels = kernels;
    this.free = free;
    this.guessMode = guessMode;
    this.steps = steps;
  }

  void add(Control control, ControlNetConditioning view) {
    controls.add(control);
    views.add(view);
  }

  /** Whether there is any. */
  boolean steers() {
    return !controls.isEmpty();
  }

  /**
   * What is added in one step; empty when no network steers it.
   *
   * @param scaled latents {@code [1, 4, h, w]}
   * @param step from 0
   */
  Optional<ControlResiduals> residuals(NDManager owner, NDArray scaled, double timestep, int step) {
    NDArray sample = free && !guessMode ? kernels.tensor(owner, "twice", scaled) : scaled;
    ControlResiduals sum = null;
    for (int i = 0; i < controls.size(); i++) {
      Control control = controls.get(i);
      double scale = control.scaleAt(step, steps);
      if (scale != 0) {
        ControlResiduals one =
            control.net().model().forward(owner, sample, timestep, views.get(i), scale, guessMode);
        sum = sum == null ? one : sum.plus(one, kernels, owner);
      }
    }
    return Optional.ofNullable(sum)
        .map(all -> free && guessMode ? all.afterZeros(kernels, owner) : all);
  }

  /** The steps are over. */
  void leave() {
    controls.forEach(control -> control.net().leave());
  }

  @Override
  public void close() {
    views.forEach(ControlNetConditioning::close);
    views.clear();
  }
}

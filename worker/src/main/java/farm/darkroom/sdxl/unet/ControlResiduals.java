package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What ControlNets add to a UNet, in compute dtype: to each skip connection, {@code [n, channels,
 * h, w]} in their order on the way down, and to the mid block's output.
 */
public record ControlResiduals(List<NDArray> down, NDArray middle) {

  public ControlResiduals {
    down = List.copyOf(down);
  }

  /** The last of {@code all} is the middle's. */
  static ControlResiduals of(List<NDArray> all) {
    return new ControlResiduals(all.subList(0, all.size() - 1), all.get(all.size() - 1));
  }

  private List<NDArray> all() {
    List<NDArray> all = new ArrayList<>(down);
    all.add(middle);
    return all;
  }

  /** The sum of several ControlNets' residuals (diffusers: MultiControlNetModel). */
  public ControlResiduals plus(ControlResiduals other, Kernels kernels, NDManager owner) {
    return of(kernels.tensors(owner, "pairwise_sums", all(), other.all()));
  }

  /**
   * The residuals of a conditional batch for a guided one: nothing for the unconditional half,
   * which comes first (diffusers: {@code guess_mode}).
   */
  public ControlResiduals afterZeros(Kernels kernels, NDManager owner) {
    return of(kernels.tensors(owner, "after_zeros", all()));
  }

  /** Replaces the skips by their sums, and returns the middle's; closes what it replaces. */
  NDArray addTo(Deque<NDArray> skips, NDArray x, UNetPass pass) {
    if (down.size() != skips.size()) {
      throw new SdxlException(
          "a ControlNet gives %d residuals, the unet has %d skip connections"
              .formatted(down.size(), skips.size()));
    }
    NDArray sum = pass.kernels().tensor(pass.scope(), "add_residual", x, middle);
    for (NDArray residual : down) {
      NDArray skip = skips.removeFirst();
      skips.addLast(pass.kernels().tensor(pass.scope(), "add_residual", skip, residual));
      skip.close();
    }
    x.close();
    return sum;
  }
}

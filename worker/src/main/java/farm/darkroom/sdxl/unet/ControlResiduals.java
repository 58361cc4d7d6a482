package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What ControlNets add to a UNet: to each skip connection, {@code [n, channels, h, w]} in their
 * order on the way down, and to the mid block's output.
 */
public record ControlResiduals(List<NDArray> down, NDArray middle) {
  public ControlResiduals {
    down = List.copyOf(down);
  }
}

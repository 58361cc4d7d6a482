package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What does not change over the steps of a job for one ControlNet: its text, and its view of the
 * control images. One job owns it and closes it. Not thread-safe.
 *
 * @param text as for the UNet, computed with the ControlNet's own weights
 * @param images as {@link ControlNetModel#see} gives them
 * @param controlModes the kind that each is to a union; empty for other networks
 */
public record ControlNetConditioning(
    UNetConditioning text, List<NDArray> images, List<Integer> controlModes)
    implements AutoCloseable {
  public ControlNetConditioning {
    images = List.copyOf(images);
    controlModes = List.copyOf(controlModes);
  }

  @Override
  public void close() {
    images.forEach(NDArray::close);
    text.close();
  }
}

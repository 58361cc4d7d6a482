package farm.darkroom.sdxl.unet;

import java.util.Collections;
import java.util.List;

/**
 * How strongly a ControlNet steers a step.
 *
 * @param images what the features of each control image are multiplied by
 * @param residuals what all that the network adds is multiplied by
 */
public record ControlScale(List<Double> images, double residuals) {
  public ControlScale {
    images = List.copyOf(images);
  }

  /** Images that count in full. */
  public static ControlScale ofResiduals(int images, double scale) {
    return new ControlScale(Collections.nCopies(images, 1.0), scale);
  }

  /** Images that count by scales of their own. */
  public static ControlScale ofImages(List<Double> scales) {
    return new ControlScale(scales, 1);
  }
}

package farm.darkroom.sdxl.pipeline;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A ControlNet and its pictures, asked of a request.
 *
 * @param net open, and staying the caller's
 * @param images one, or of a union several, which it sees in one pass. Beside other networks all of
 *     them steer alike
 * @param modes {@code control_mode}, the kind of each image, which a union is told; empty for other
 *     networks
 */
public record Control(ControlNet net, List<ControlImage> images, List<Integer> modes) {
  public Control {
    requireNonNull(net, "net");
    images = List.copyOf(images);
    modes = List.copyOf(modes);
  }
}

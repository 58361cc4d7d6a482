package farm.darkroom.sdxl.vae;

/** A pair in diffusers' order: height and width, or top and left, in pixels. */
public record Size(int height, int width) {

  /** The origin, which is diffusers' default for {@code crops_coords_top_left}. */
  public static final Size ZERO = new Size(0, 0);
}

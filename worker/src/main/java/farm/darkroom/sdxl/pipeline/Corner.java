package farm.darkroom.sdxl.pipeline;

/** Where a picture was cut out of a larger one: its top left corner there, in pixels. */
public record Corner(int top, int left) {

  /** The corner of a picture that was not cropped at top and left. */
  public static final Corner ORIGIN = new Corner(0, 0);
}

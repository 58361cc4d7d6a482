package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.SdxlException;

/**
 * A part of a picture in pixels: {@code left <= x < right}, {@code top <= y < bottom}, in the order
 * of Pillow's boxes.
 */
public record Box(int left, int top, int right, int bottom) {

  public Box {
    if (right < left || bottom < top) {
      throw new SdxlException(
          "a box from (%d, %d) to (%d, %d)".formatted(left, top, right, bottom));
    }
  }

  public int width() {
    return right - left;
  }

  public int height() {
    return bottom - top;
  }

  /** Its height and width. */
  public Size size() {
    return new Size(height(), width());
  }
}

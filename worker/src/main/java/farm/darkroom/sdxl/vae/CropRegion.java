package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.SdxlException;

/**
 * The part of a picture that inpainting works on: the mask's bounding box, padded, then grown to
 * the shape of the work (diffusers: {@code VaeImageProcessor.get_crop_region}).
 */
final class CropRegion {
  private CropRegion() {}

  /**
   * The part of the picture that is worked on: as wide to high as that work.
   *
   * @param work the size of the picture that is worked on
   * @param padding pixels around the mask's bounding box
   * @return a box within the mask's picture
   */
  static Box of(Raster mask, Size work, int padding) {
    Box painted = bounds(mask.gray());
    int left = Math.max(painted.left() - padding, 0);
    int top = Math.max(painted.top() - padding, 0);
    int right = Math.min(painted.right() + padding, mask.width());
    int bottom = Math.min(painted.bottom() + padding, mask.height());
    double ratio = (double) work.width() / work.height();
    if ((double) (right - left) / (bottom - top) > ratio) {
      int more = (int) ((right - left) / ratio - (bottom - top));
      int[] rows = grown(top, bottom, more, mask.height());
      return new Box(left, rows[0], right, rows[1]);
    }
    int more = (int) ((bottom - top) * ratio - (right - left));
    int[] columns = grown(left, right, more, mask.width());
    return new Box(columns[0], top, columns[1], bottom);
  }

  /** Grows {@code begin..end} by {@code more}, shifted into 0..limit, cut where it is too long. */
  private static int[] grown(int begin, int end, int more, int limit) {
    int from = begin - more / 2;
    int to = end + more - more / 2;
    if (to >= limit) {
      from -= to - limit;
      to = limit;
    }
    if (from < 0) {
      to -= from;
      from = 0;
    }
    return new int[] {from, Math.min(to, limit)};
  }

  private static Box bounds(Raster mask) {
    int left = mask.width();
    int right = 0;
    int top = mask.height();
    int bottom = 0;
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        if (mask.at(x, y, 0) != 0) {
          left = Math.min(left, x);
          right = Math.max(right, x + 1);
          top = Math.min(top, y);
          bottom = y + 1;
        }
      }
    }
    if (right == 0) {
      throw new SdxlException("the mask is all black: there is nothing to crop to and to paint");
    }
    return new Box(left, top, right, bottom);
  }
}

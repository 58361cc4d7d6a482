package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.SdxlException;
import java.util.Optional;

/** Lays the untouched part of a picture over a painted one (diffusers: {@code apply_overlay}). */
final class Overlay {
  private Overlay() {}

  static Raster apply(Raster mask, Raster original, Raster painted, Optional<Box> crop) {
    same("mask", mask, original);
    Raster below = crop.map(box -> framed(original, painted, box)).orElse(painted);
    same("painted picture", below, original);
    return AlphaBlend.composite(below.rgba(), kept(mask.gray(), original)).rgb();
  }

  private static void same(String name, Raster raster, Raster original) {
    if (!raster.size().equals(original.size())) {
      throw new SdxlException(
          "the %s is %d x %d, the picture %d x %d: they must be of one size"
              .formatted(
                  name, raster.width(), raster.height(), original.width(), original.height()));
    }
  }

  private static Raster framed(Raster original, Raster painted, Box box) {
    Raster part = ResizeMode.CROP.resize(painted, box.size());
    return Raster.blank(original.size(), 3).pasted(part, box.left(), box.top());
  }

  /** The original as transparent as the mask is white. */
  private static Raster kept(Raster mask, Raster original) {
    Raster kept = AlphaBlend.premultiplied(original.rgba());
    byte[] samples = kept.samples();
    for (int i = 0; i < samples.length; i++) {
      int share = 255 - (mask.samples()[i / 4] & 0xFF);
      samples[i] = (byte) AlphaBlend.div255((samples[i] & 0xFF) * share);
    }
    return AlphaBlend.straight(kept);
  }
}

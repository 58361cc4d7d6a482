package farm.darkroom.sdxl.vae;

/** Alpha compositing on bytes, bit for bit as Pillow does it. All rasters here are RGBA. */
final class AlphaBlend {
  private static final int PRECISION_BITS = 7;

  private AlphaBlend() {}

  /** {@code value / 255}, rounded, for values up to 255 * 255. */
  static int div255(int value) {
    int biased = value + 128;
    return ((biased >> 8) + biased) >> 8;
  }

  /** Colours multiplied by alpha (Pillow: RGBA to RGBa). */
  static Raster premultiplied(Raster raster) {
    byte[] out = raster.samples().clone();
    for (int i = 0; i < out.length; i += 4) {
      int alpha = out[i + 3] & 0xFF;
      for (int c = i; c < i + 3; c++) {
        out[c] = (byte) div255((out[c] & 0xFF) * alpha);
      }
    }
    return new Raster(raster.size(), 4, out);
  }

  /** Colours divided by alpha (Pillow: RGBa to RGBA). */
  static Raster straight(Raster raster) {
    byte[] out = raster.samples().clone();
    for (int i = 0; i < out.length; i += 4) {
      int alpha = out[i + 3] & 0xFF;
      for (int c = i; alpha != 0 && c < i + 3; c++) {
        out[c] = (byte) Math.min(255 * (out[c] & 0xFF) / alpha, 255);
      }
    }
    return new Raster(raster.size(), 4, out);
  }

  /** {@code above} over {@code below}, straight alpha (Pillow: {@code alpha_composite}). */
  static Raster composite(Raster below, Raster above) {
    byte[] out = below.samples().clone();
    for (int i = 0; i < out.length; i += 4) {
      composite(out, above.samples(), i);
    }
    return new Raster(below.size(), 4, out);
  }

  private static void composite(byte[] below, byte[] above, int at) {
    int alpha = above[at + 3] & 0xFF;
    if (alpha == 0) {
      return;
    }
    int both = alpha * 255 + (below[at + 3] & 0xFF) * (255 - alpha);
    int share = (int) ((((long) alpha * 255 * 255) << PRECISION_BITS) / both);
    int rest = (255 << PRECISION_BITS) - share;
    for (int c = at; c < at + 3; c++) {
      int mixed = (above[c] & 0xFF) * share + (below[c] & 0xFF) * rest + (0x80 << PRECISION_BITS);
      below[c] = (byte) ((((mixed >> 8) + mixed) >> 8) >> PRECISION_BITS);
    }
    below[at + 3] = (byte) div255(both);
  }
}

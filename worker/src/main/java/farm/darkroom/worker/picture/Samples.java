package farm.darkroom.worker.picture;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * The stored samples of a decoded image as RGB, as PIL's {@code convert("RGB")} takes them: no
 * colour profile is applied, alpha is dropped, and of sixteen bits the upper eight count. In grey
 * PIL would clip sixteen bits at 255 instead, which makes a depth map white: the one difference.
 * ({@code BufferedImage.getRGB} would apply profiles, and a gamma curve to grey.)
 */
final class Samples {
  private Samples() {}

  static Picture of(BufferedImage image) {
    int width = image.getWidth();
    byte[] rgb = new byte[3 * width * image.getHeight()];
    Raster raster = image.getRaster();
    int[] row = new int[width * raster.getNumBands()];
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      convert(row, image.getColorModel(), rgb, 3 * width * y);
    }
    return new Picture(width, image.getHeight(), rgb);
  }

  private static void convert(int[] row, ColorModel model, byte[] rgb, int to) {
    if (model instanceof IndexColorModel palette) {
      lookUp(row, palette, rgb, to);
      return;
    }
    int bands = model.getNumComponents();
    int colours = model.getNumColorComponents();
    for (int x = 0; x < row.length / bands; x++) {
      for (int c = 0; c < 3; c++) {
        int band = colours < 3 ? 0 : c;
        rgb[to + 3 * x + c] = eightBits(row[x * bands + band], model.getComponentSize(band));
      }
    }
  }

  private static void lookUp(int[] row, IndexColorModel palette, byte[] rgb, int to) {
    for (int x = 0; x < row.length; x++) {
      int colour = palette.getRGB(row[x]);
      rgb[to + 3 * x] = (byte) (colour >> 16);
      rgb[to + 3 * x + 1] = (byte) (colour >> 8);
      rgb[to + 3 * x + 2] = (byte) colour;
    }
  }

  private static byte eightBits(int sample, int bits) {
    return (byte) (bits >= 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1));
  }
}

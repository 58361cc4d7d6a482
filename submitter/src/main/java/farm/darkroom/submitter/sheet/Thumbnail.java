package farm.darkroom.submitter.sheet;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * Scales a picture down to fit a square, averaging the source pixels under each target pixel. Never
 * enlarges.
 *
 * @param side of the square, in pixels
 */
record Thumbnail(int side) {

  BufferedImage of(Path file) throws IOException {
    BufferedImage picture = ImageIO.read(file.toFile());
    if (picture == null) {
      throw new IOException(file + " is no picture that can be read");
    }
    return shrink(picture);
  }

  BufferedImage shrink(BufferedImage picture) {
    double scale = Math.max(1, Math.max(picture.getWidth(), picture.getHeight()) / (double) side);
    int width = Math.max(1, (int) Math.round(picture.getWidth() / scale));
    int height = Math.max(1, (int) Math.round(picture.getHeight() / scale));
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Pixels pixels = Pixels.of(picture);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        small.setRGB(x, y, pixels.mean(x, y, width, height));
      }
    }
    return small;
  }

  static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  @SuppressWarnings("ArrayRecordComponent") // numbers are handed over, never compared
  private record Pixels(int width, int height, int[] rgb) {

    static Pixels of(BufferedImage picture) {
      int width = picture.getWidth();
      int height = picture.getHeight();
      return new Pixels(width, height, picture.getRGB(0, 0, width, height, null, 0, width));
    }

    /** The mean colour of what pixel (x, y) of a smaller picture covers. */
    int mean(int x, int y, int columns, int rows) {
      int left = x * width / columns;
      int right = (x + 1) * width / columns;
      long red = 0;
      long green = 0;
      long blue = 0;
      int count = 0;
      for (int row = y * height / rows; row < (y + 1) * height / rows; row++) {
        for (int column = left; column < right; column++) {
          int pixel = rgb[row * width + column];
          red += pixel >> 16 & 0xff;
          green += pixel >> 8 & 0xff;
          blue += pixel & 0xff;
          count++;
        }
      }
      return rounded(red, count) << 16 | rounded(green, count) << 8 | rounded(blue, count);
    }

    private static int rounded(long sum, int count) {
      return (int) ((sum + count / 2) / count);
    }
  }
}

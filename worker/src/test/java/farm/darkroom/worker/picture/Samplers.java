package farm.darkroom.worker.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;

/** Pictures for tests, and the JDK's own view of files. */
final class Samplers {
  private Samplers() {}

  static Picture noise(int width, int height, long seed) {
    byte[] rgb = new byte[3 * width * height];
    new Random(seed).nextBytes(rgb);
    return new Picture(width, height, rgb);
  }

  /** Smooth in both directions, so that every PNG filter has rows where it is best. */
  static Picture slopes(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      int x = i % width;
      int y = i / width;
      rgb[3 * i] = (byte) (2 * x);
      rgb[3 * i + 1] = (byte) (x + y);
      rgb[3 * i + 2] = (byte) (y % 7 == 0 ? x * y : 9);
    }
    return new Picture(width, height, rgb);
  }

  static Picture readByJdk(byte[] file) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
    byte[] rgb = new byte[3 * image.getWidth() * image.getHeight()];
    int[] pixel = new int[image.getRaster().getNumBands()];
    for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
      image.getRaster().getPixel(i % image.getWidth(), i / image.getWidth(), pixel);
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = (byte) pixel[c];
      }
    }
    return new Picture(image.getWidth(), image.getHeight(), rgb);
  }

  static byte[] writeByJdk(Picture picture, int type, String format) throws IOException {
    BufferedImage image = new BufferedImage(picture.width(), picture.height(), type);
    for (int i = 0; i < picture.width() * picture.height(); i++) {
      int rgb = 0xff000000;
      for (int c = 0; c < 3; c++) {
        rgb |= (picture.rgb()[3 * i + c] & 0xff) << (16 - 8 * c);
      }
      image.setRGB(i % picture.width(), i / picture.width(), rgb);
    }
    return write(image, format);
  }

  static byte[] write(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, out)) {
      throw new IOException("the JDK writes no " + format + " of this type");
    }
    return out.toByteArray();
  }
}

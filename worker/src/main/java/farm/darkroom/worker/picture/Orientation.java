package farm.darkroom.worker.picture;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The camera orientation: EXIF tag 0x0112, values 1 to 8, applied as PIL's {@code exif_transpose}
 * does.
 *
 * @param value 1 for upright
 */
record Orientation(int value) {
  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final Orientation UPRIGHT = new Orientation(1);

  /** Reads the first directory of a TIFF block; what cannot be read counts as upright. */
  static Orientation of(byte[] exif) {
    try {
      ByteBuffer tiff = ByteBuffer.wrap(exif);
      tiff.order(exif[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      tiff.position(tiff.getInt(4));
      return find(tiff);
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return UPRIGHT;
    }
  }

  private static Orientation find(ByteBuffer tiff) {
    int entries = tiff.getShort() & 0xffff;
    for (int i = 0; i < entries; i++) {
      int tag = tiff.getShort() & 0xffff;
      int type = tiff.getShort();
      int count = tiff.getInt();
      int value = tiff.getShort();
      tiff.getShort();
      if (tag == TAG && type == SHORT && count == 1 && value >= 1 && value <= 8) {
        return new Orientation(value);
      }
    }
    return UPRIGHT;
  }

  Picture upright(Picture picture) {
    if (value == 1) {
      return picture;
    }
    boolean turned = value >= 5;
    int width = turned ? picture.height() : picture.width();
    int height = turned ? picture.width() : picture.height();
    byte[] rgb = new byte[picture.rgb().length];
    int to = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        System.arraycopy(picture.rgb(), 3 * source(x, y, picture), rgb, to, 3);
        to += 3;
      }
    }
    return new Picture(width, height, rgb);
  }

  /** Which stored pixel lies at (x, y) of the upright picture. */
  private int source(int x, int y, Picture stored) {
    int right = stored.width() - 1;
    int bottom = stored.height() - 1;
    return switch (value) {
      case 2 -> at(right - x, y, stored);
      case 3 -> at(right - x, bottom - y, stored);
      case 4 -> at(x, bottom - y, stored);
      case 5 -> at(y, x, stored);
      case 6 -> at(y, bottom - x, stored);
      case 7 -> at(right - y, bottom - x, stored);
      case 8 -> at(right - y, x, stored);
      default -> at(x, y, stored);
    };
  }

  private static int at(int x, int y, Picture stored) {
    return y * stored.width() + x;
  }
}

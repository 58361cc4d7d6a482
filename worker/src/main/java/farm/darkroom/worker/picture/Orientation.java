package farm.darkroom.worker.picture;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The camera orientation: EXIF tag 0x0112, or where EXIF has none XMP's, values 1 to 8, applied as
 * PIL's {@code exif_transpose} does.
 *
 * @param value 1 for upright
 */
record Orientation(int value) {
  private static final int TAG = 0x0112;
  private static final Set<Integer> SHORTS = Set.of(3, 8);
  private static final Set<Integer> LONGS = Set.of(4, 9);
  private static final byte[] MARK = {'E', 'x', 'i', 'f', 0, 0};
  private static final Pattern XMP = Pattern.compile("tiff:Orientation(=\"|>)([0-9])");

  /** What the file says; empty where it says nothing that can be read. */
  static Optional<Orientation> of(StrippedImage image) {
    return image
        .exif()
        .flatMap(Orientation::ofExif)
        .or(() -> image.xmp().flatMap(Orientation::ofXmp));
  }

  private static Optional<Orientation> ofXmp(String xmp) {
    Matcher found = XMP.matcher(xmp);
    return found.find()
        ? Optional.of(new Orientation(Integer.parseInt(found.group(2))))
        : Optional.empty();
  }

  /** Reads the first directory of a TIFF block. */
  private static Optional<Orientation> ofExif(byte[] exif) {
    try {
      boolean marked = Arrays.mismatch(exif, MARK) == MARK.length;
      ByteBuffer tiff = ByteBuffer.wrap(exif).position(marked ? MARK.length : 0).slice();
      tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      tiff.position(tiff.getInt(4));
      return find(tiff);
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Orientation> find(ByteBuffer tiff) {
    int entries = tiff.getShort() & 0xffff;
    for (int i = 0; i < entries; i++) {
      int tag = tiff.getShort() & 0xffff;
      int type = tiff.getShort();
      int count = tiff.getInt();
      int value = tiff.position();
      tiff.getInt();
      if (tag == TAG && count == 1 && SHORTS.contains(type)) {
        return Optional.of(new Orientation(tiff.getShort(value)));
      }
      if (tag == TAG && count == 1 && LONGS.contains(type)) {
        return Optional.of(new Orientation(tiff.getInt(value)));
      }
    }
    return Optional.empty();
  }

  Picture upright(Picture picture) {
    if (value < 2 || value > 8) {
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

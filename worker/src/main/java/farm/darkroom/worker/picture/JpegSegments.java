package farm.darkroom.worker.picture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import farm.darkroom.common.FarmException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/** The segments of a JPEG file before its first scan (ITU-T T.81, annex B). */
final class JpegSegments {
  private static final int MOST_SCANS = 500;
  private static final int SOS = 0xda;
  private static final int EOI = 0xd9;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COMMENT = 0xfe;
  private static final int INKS = 4;

  /** Where Adobe's segment says how colours are coded, and what says so. */
  private static final int TRANSFORM = 13;

  private static final int YCBCR = 1;
  private static final int YCCK = 2;

  /** A frame's precision, sizes, count and three components. */
  private static final int RGB_END = 15;

  /** How JFIF begins: colours are YCbCr. */
  private static final byte[] JFIF = {
    (byte) 0xff, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };

  private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
  private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};

  private final byte[] bytes;
  private final ByteArrayOutputStream kept;
  private Optional<byte[]> exif = Optional.empty();
  private Optional<String> xmp = Optional.empty();
  private byte[] adobe = {};
  private boolean jfif;
  private boolean namesColours;
  private boolean inks;

  private JpegSegments(byte[] bytes) {
    this.bytes = bytes;
    this.kept = new ByteArrayOutputStream(bytes.length);
  }

  /**
   * @throws FarmException INVALID_JOB when the file is cut off before its first scan, or has more
   *     scans than any encoder makes (each costs a pass over all pixels)
   */
  static StrippedImage strip(byte[] bytes) {
    return new JpegSegments(bytes).strip();
  }

  private StrippedImage strip() {
    int at = 2;
    while (marker(at) != SOS) {
      at = segment(at);
    }
    refuseManyScans(at);
    boolean readsAdobeMarker = readsAdobeMarker();
    if (readsAdobeMarker) {
      kept.writeBytes(adobe);
    }
    kept.write(bytes, at, bytes.length - at);
    CmykEncoding coding = transform() == YCCK ? CmykEncoding.YCCK : CmykEncoding.CMYK;
    return new StrippedImage(
        whole(readsAdobeMarker), exif, xmp, inks ? Optional.of(coding) : Optional.empty());
  }

  /**
   * Cameras write EXIF in the place of JFIF. The JDK's decoder, which sees neither then, takes
   * colours that are not subsampled for RGB, where libjpeg takes all for YCbCr.
   */
  private byte[] whole(boolean readsAdobeMarker) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream(kept.size() + JFIF.length + 2);
    whole.write(bytes, 0, 2);
    if (!jfif && !readsAdobeMarker && !namesColours && !inks) {
      whole.writeBytes(JFIF);
    }
    whole.writeBytes(kept.toByteArray());
    return whole.toByteArray();
  }

  /** Keeps, reads or drops one segment; answers where the next one begins. */
  private int segment(int at) {
    int marker = marker(at);
    if (marker == 0xff) {
      return at + 1;
    }
    int length = at + 3 < bytes.length ? ((bytes[at + 2] & 0xff) << 8) | (bytes[at + 3] & 0xff) : 0;
    int end = at + 2 + length;
    if (length < 2 || end > bytes.length) {
      throw cutOff();
    }
    if (marker == APP1 && exif.isEmpty()) {
      exif = exif(at + 4, end);
    }
    if (marker == APP1) {
      readXmp(at + 4, end);
    }
    inks |= isFrame(marker) && length > 7 && bytes[at + 9] == INKS;
    String text = new String(bytes, at + 4, Math.min(end - at - 4, RGB_END), ISO_8859_1);
    jfif |= marker == APP0 && text.startsWith("JFIF\0");
    namesColours |= isFrame(marker) && text.matches("(?s).{6}R..G..B..");
    if (marker == APP14 && length > TRANSFORM && text.startsWith("Adobe")) {
      adobe = Arrays.copyOfRange(bytes, at, end);
    }
    if (decidesPixels(marker)) {
      kept.write(bytes, at, end - at);
    }
    return end;
  }

  private int marker(int at) {
    if (at + 1 >= bytes.length || (bytes[at] & 0xff) != 0xff || (bytes[at + 1] & 0xff) == EOI) {
      throw cutOff();
    }
    return bytes[at + 1] & 0xff;
  }

  /** JFIF (APP0) says how colours are coded; so does Adobe (APP14), which is kept by itself. */
  private static boolean decidesPixels(int marker) {
    boolean application = marker >= APP0 && marker <= APP15;
    return marker != COMMENT && (!application || marker == APP0);
  }

  /**
   * As libjpeg: of three components JFIF comes first, and a transform that is none counts as YCbCr.
   * The JDK's decoder refuses such files.
   */
  private boolean readsAdobeMarker() {
    return adobe.length > 0 && (inks || !jfif && transform() <= YCBCR);
  }

  private int transform() {
    return adobe.length > 0 ? adobe[2 + TRANSFORM] & 0xff : 0;
  }

  /** SOF0 to SOF15; three markers of that range are tables. */
  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private Optional<byte[]> exif(int from, int to) {
    boolean is =
        to - from > EXIF.length
            && Arrays.equals(bytes, from, from + EXIF.length, EXIF, 0, EXIF.length);
    return is ? Optional.of(Arrays.copyOfRange(bytes, from + EXIF.length, to)) : Optional.empty();
  }

  private void readXmp(int from, int to) {
    String text = new String(bytes, from, to - from, ISO_8859_1);
    if (text.startsWith(XMP)) {
      xmp = Optional.of(text.substring(XMP.length()));
    }
  }

  private void refuseManyScans(int from) {
    int scans = 0;
    for (int i = from; i + 1 < bytes.length; i++) {
      if ((bytes[i] & 0xff) == 0xff && (bytes[i + 1] & 0xff) == SOS) {
        scans++;
      }
    }
    if (scans > MOST_SCANS) {
      throw FarmException.invalidJob(
          "JPEG has %d scans, more than %d".formatted(scans, MOST_SCANS));
    }
  }

  private static FarmException cutOff() {
    return FarmException.invalidJob("JPEG is cut off or damaged before its first scan");
  }
}

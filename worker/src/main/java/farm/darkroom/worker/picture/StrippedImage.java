package farm.darkroom.worker.picture;

import farm.darkroom.common.input.PictureFormat;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A picture file reduced to the parts that determine its pixels, and what says how the camera was
 * held. Colour profiles, comments and compressed text from strangers thus never reach the JDK's
 * decoder.
 *
 * @param xmp Adobe's description of the picture, uncompressed
 * @param inks of a JPEG of four inks, which the JDK reads as raw samples alone
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
record StrippedImage(
    byte[] bytes, Optional<byte[]> exif, Optional<String> xmp, Optional<CmykEncoding> inks) {
  private static final Set<String> PNG_PIXELS = Set.of("IHDR", "PLTE", "IDAT", "IEND");
  private static final String XMP = "XML:com.adobe.xmp";

  static StrippedImage of(byte[] bytes, PictureFormat format) {
    return switch (format) {
      case PNG -> png(bytes);
      case JPEG -> JpegSegments.strip(bytes);
      case BMP, GIF ->
          new StrippedImage(bytes, Optional.empty(), Optional.empty(), Optional.empty());
    };
  }

  private static StrippedImage png(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    PngChunk.writeSignature(out);
    Optional<byte[]> exif = Optional.empty();
    Optional<byte[]> profile = Optional.empty();
    Optional<String> xmp = Optional.empty();
    for (PngChunk chunk : PngChunk.toThePixelsEnd(bytes)) {
      if (PNG_PIXELS.contains(chunk.type())) {
        chunk.write(out);
      } else if (chunk.type().equals("eXIf")) {
        exif = Optional.of(chunk.body());
      } else {
        Optional<byte[]> raw = RawProfile.exif(chunk);
        profile = raw.isPresent() ? raw : profile;
        Optional<String> found = xmp(chunk);
        xmp = found.isPresent() ? found : xmp;
      }
    }
    Optional<byte[]> held = exif.isPresent() ? exif : profile;
    return new StrippedImage(out.toByteArray(), held, xmp, Optional.empty());
  }

  private static Optional<String> xmp(PngChunk chunk) {
    return PngText.decode(chunk).filter(text -> text.getKey().equals(XMP)).map(Map.Entry::getValue);
  }
}

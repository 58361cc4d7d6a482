package farm.darkroom.worker.picture;

import farm.darkroom.common.input.PictureFormat;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.Set;

/**
 * A picture file reduced to the parts that determine its pixels, and its EXIF block. Colour
 * profiles, comments and compressed text from strangers thus never reach the JDK's decoder.
 *
 * @param inks of a JPEG of four inks, which the JDK reads as raw samples alone
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
record StrippedImage(byte[] bytes, Optional<byte[]> exif, Optional<CmykEncoding> inks) {
  private static final Set<String> PNG_PIXELS = Set.of("IHDR", "PLTE", "IDAT", "IEND");

  static StrippedImage of(byte[] bytes, PictureFormat format) {
    return switch (format) {
      case PNG -> png(bytes);
      case JPEG -> JpegSegments.strip(bytes);
      case BMP, GIF -> new StrippedImage(bytes, Optional.empty(), Optional.empty());
    };
  }

  private static StrippedImage png(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    PngChunk.writeSignature(out);
    byte[] exif = null;
    for (PngChunk chunk : PngChunk.of(bytes)) {
      if (PNG_PIXELS.contains(chunk.type())) {
        chunk.write(out);
      } else if (chunk.type().equals("eXIf")) {
        exif = chunk.body();
      }
    }
    return new StrippedImage(out.toByteArray(), Optional.ofNullable(exif), Optional.empty());
  }
}

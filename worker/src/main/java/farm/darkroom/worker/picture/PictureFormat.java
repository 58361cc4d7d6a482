package farm.darkroom.worker.picture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import farm.darkroom.common.FarmException;

/** The formats that init images may have, known by their first bytes, never by a name. */
enum PictureFormat {
  PNG,
  JPEG,
  BMP,
  GIF;

  static PictureFormat of(byte[] bytes) {
    String start = new String(bytes, 0, Math.min(12, bytes.length), ISO_8859_1);
    if (PngChunk.startsAsPng(bytes)) {
      return PNG;
    }
    if (start.startsWith("\u00ff\u00d8\u00ff")) {
      return JPEG;
    }
    if (start.startsWith("BM")) {
      return BMP;
    }
    if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
      return GIF;
    }
    throw FarmException.invalidJob(
        found(start) + "; allowed are PNG, JPEG, BMP and GIF (convert it first)");
  }

  private static String found(String start) {
    if (start.startsWith("RIFF") && start.endsWith("WEBP")) {
      return "it is a WebP picture";
    }
    if (start.startsWith("II*\0") || start.startsWith("MM\0*")) {
      return "it is a TIFF picture";
    }
    if (start.startsWith("ftyp", 4)) {
      return "it is an AVIF or HEIF picture, or a video";
    }
    return start.isEmpty() ? "it is empty" : "it is no picture of a known format";
  }
}

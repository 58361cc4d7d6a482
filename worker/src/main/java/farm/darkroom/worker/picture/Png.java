package farm.darkroom.worker.picture;

import farm.darkroom.common.FarmException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** PNG files of eight-bit RGB with text chunks. */
public final class Png {
  /** The text that A1111, ComfyUI and their viewers read. */
  public static final String PARAMETERS = "parameters";

  /** The job as canonical JSON. */
  public static final String DARKROOM = "darkroom";

  private static final byte[] RGB8 = {8, 2, 0, 0, 0};

  private Png() {}

  /**
   * Encodes a picture; the same input gives the same bytes on the same Java runtime.
   *
   * @param text keyword (1 to 79 Latin-1 characters) to text, in the order of the file
   */
  public static byte[] encode(Picture picture, Map<String, String> text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(picture.rgb().length / 2 + 1024);
    PngChunk.writeSignature(out);
    new PngChunk("IHDR", header(picture)).write(out);
    text.forEach((keyword, value) -> PngText.encode(keyword, value).write(out));
    new PngChunk("IDAT", new PngRows(picture).deflate()).write(out);
    new PngChunk("IEND", new byte[0]).write(out);
    return out.toByteArray();
  }

  /**
   * The text chunks of a PNG file, in its order; compressed ones are left out.
   *
   * @throws FarmException INVALID_JOB when it is no PNG, cut off or damaged
   */
  public static Map<String, String> text(byte[] png) {
    Map<String, String> text = new LinkedHashMap<>();
    for (PngChunk chunk : PngChunk.of(png)) {
      PngText.decode(chunk).ifPresent(entry -> text.put(entry.getKey(), entry.getValue()));
    }
    return text;
  }

  private static byte[] header(Picture picture) {
    return ByteBuffer.allocate(13)
        .putInt(picture.width())
        .putInt(picture.height())
        .put(RGB8)
        .array();
  }
}

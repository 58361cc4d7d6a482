package farm.darkroom.worker.render;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A safetensors file that holds one tensor, {@code latents}. */
final class LatentsFile {
  private static final int ALIGNMENT = 8;

  private LatentsFile() {}

  /**
   * The file's bytes: the header's length, the header padded with spaces, the values, little
   * endian.
   *
   * @param values row-major, as many as {@code shape} holds
   */
  static byte[] of(Shape shape, float[] values) {
    String dimensions =
        Arrays.stream(shape.getShape()).mapToObj(Long::toString).collect(Collectors.joining(","));
    String header =
        "{\"latents\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[0,%d]}}"
            .formatted(dimensions, values.length * Float.BYTES);
    int padding = Math.floorMod(-header.length(), ALIGNMENT);
    byte[] text = (header + " ".repeat(padding)).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + text.length + values.length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text);
    file.asFloatBuffer().put(values);
    return file.array();
  }
}

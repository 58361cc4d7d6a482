package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderResult;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What came out of a render, and how far apart two of them are. */
final class Rendered {
  private Rendered() {}

  /** Of each image its pixels, as RGB; of latents the file. */
  static List<byte[]> bytes(RenderResult result) {
    return result.outputs().stream().map(Rendered::bytes).toList();
  }

  private static byte[] bytes(Output output) {
    return output instanceof Output.Image image
        ? image.picture().rgb()
        : ((Output.Latents) output).safetensors();
  }

  /** The values of a file of latents: {@code [1, 4, height/8, width/8]}. */
  static float[] latents(byte[] safetensors) {
    ByteBuffer file = ByteBuffer.wrap(safetensors).order(ByteOrder.LITTLE_ENDIAN);
    file.position(Long.BYTES + (int) file.getLong(0));
    float[] values = new float[file.remaining() / Float.BYTES];
    file.asFloatBuffer().get(values);
    return values;
  }

  /** The largest difference between two pictures' samples, of 255. */
  static int furthest(byte[] found, byte[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    int distance = 0;
    for (int i = 0; i < expected.length; i++) {
      distance = Math.max(distance, Math.abs((found[i] & 0xff) - (expected[i] & 0xff)));
    }
    return distance;
  }
}

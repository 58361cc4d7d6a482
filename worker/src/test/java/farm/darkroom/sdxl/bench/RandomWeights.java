package farm.darkroom.sdxl.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;

/**
 * Writes a float16 safetensors file with every tensor of a model: normal(0, 0.02) where there is
 * more than one dimension, 1 for the weights of norms, 0 for biases. Full-size models are made in
 * seconds, because one megabyte of noise is written again and again from changing places.
 */
final class RandomWeights {
  private static final int BLOCK = 1 << 20;
  private static final short ONE = 0x3C00;

  private final Random random = new Random(0);
  private final ByteBuffer noise =
      ByteBuffer.allocateDirect(2 * BLOCK).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer ones = ByteBuffer.allocateDirect(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK);

  private RandomWeights() {
    for (int i = 0; i < noise.capacity(); i += 2) {
      noise.putShort(i, half((float) random.nextGaussian() * 0.02f));
    }
    for (int i = 0; i < ones.capacity(); i += 2) {
      ones.putShort(i, ONE);
    }
  }

  static void write(Path file, List<WeightGroup> groups) throws IOException {
    List<WeightSpec> weights = groups.stream().flatMap(g -> g.weights().stream()).toList();
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      all(out, header(weights));
      RandomWeights values = new RandomWeights();
      for (WeightSpec weight : weights) {
        values.write(out, weight);
      }
    }
  }

  private static ByteBuffer header(List<WeightSpec> weights) throws IOException {
    ObjectNode root = new ObjectMapper().createObjectNode();
    long at = 0;
    for (WeightSpec weight : weights) {
      long end = at + bytes(weight);
      ObjectNode tensor = root.putObject(weight.tensor()).put("dtype", "F16");
      tensor.set("shape", new ObjectMapper().valueToTree(weight.shape()));
      tensor.putArray("data_offsets").add(at).add(end);
      at = end;
    }
    String json = root.toString();
    byte[] padded = (json + " ".repeat(-json.length() & 7)).getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = ByteBuffer.allocate(8 + padded.length).order(ByteOrder.LITTLE_ENDIAN);
    return header.putLong(padded.length).put(padded).flip();
  }

  private static long bytes(WeightSpec weight) {
    return 2 * weight.shape().stream().reduce(1L, (a, b) -> a * b);
  }

  private void write(FileChannel out, WeightSpec weight) throws IOException {
    boolean matrix = weight.shape().size() > 1;
    ByteBuffer source = matrix ? noise : weight.key().endsWith("weight") ? ones : zeros;
    for (long left = bytes(weight); left > 0; left -= BLOCK) {
      int from = matrix ? 2 * random.nextInt(BLOCK / 2) : 0;
      all(out, source.duplicate().slice(from, (int) Math.min(left, BLOCK)));
    }
  }

  private static void all(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** IEEE float16 by truncation; below its normal range, zero. */
  private static short half(float value) {
    int bits = Float.floatToRawIntBits(value);
    int exponent = (bits >>> 23 & 0xFF) - 127 + 15;
    int magnitude = exponent <= 0 ? 0 : (exponent << 10) | ((bits >>> 13) & 0x3FF);
    return (short) (((bits >>> 16) & 0x8000) | magnitude);
  }
}

package farm.darkroom.sdxl.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import farm.darkroom.sdxl.SdxlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The beginning of a safetensors file: its length in 8 bytes, little-endian, and JSON that says
 * where each tensor lies.
 *
 * @param tensors by name, in file order
 * @param metadata what the file says of itself ({@code __metadata__}), mostly nothing
 */
record SafetensorsHeader(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MOST_BYTES = 100_000_000;
  private static final int LENGTH_BYTES = 8;
  private static final int LOOK_BYTES = 64;
  private static final String METADATA = "__metadata__";
  private static final Comparator<StoredTensor> IN_FILE =
      Comparator.comparingLong(StoredTensor::begin).thenComparingLong(StoredTensor::bytes);

  /**
   * Reads the header of a file.
   *
   * @throws SdxlException naming the file when it is no whole safetensors file
   */
  static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    byte[] header = bytes(file, channel, size);
    JsonNode root = root(file, header);
    return new SafetensorsHeader(
        tensors(file, root, LENGTH_BYTES + header.length, size), metadata(root));
  }

  private static byte[] bytes(Path file, FileChannel channel, long size) throws IOException {
    ByteBuffer length = read(channel, 0, (int) Math.min(LENGTH_BYTES, size));
    long header = length.remaining() < LENGTH_BYTES ? -1 : length.getLong();
    if (header < 2 || header > MOST_BYTES || header + LENGTH_BYTES > size) {
      throw new SdxlException(
          file + ": " + found(read(channel, 0, (int) Math.min(LOOK_BYTES, size)), header, size));
    }
    return read(channel, LENGTH_BYTES, (int) header).array();
  }

  /** What the file is, whose first bytes are no length that it may have, or that it reaches. */
  private static String found(ByteBuffer start, long header, long size) {
    boolean begun = start.limit() > LENGTH_BYTES && start.get(LENGTH_BYTES) == '{';
    return begun && header >= 2 && header <= MOST_BYTES
        ? "it is cut off: found %d bytes, its header alone has %d".formatted(size, header)
        : "not a safetensors file (%d bytes)%s".formatted(size, looks(start.array()));
  }

  /** Recognises what is most often found in the place of weights. */
  private static String looks(byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    if (text.startsWith("version https://git-lfs")) {
      return "; it is a pointer of git-lfs, whose file was not fetched";
    }
    if (text.startsWith("PK") || text.startsWith("\u0080")) {
      return "; it looks like a pickle of PyTorch, which is not read";
    }
    return text.stripLeading().startsWith("<") ? "; it looks like a web page" : "";
  }

  private static JsonNode root(Path file, byte[] header) throws IOException {
    try {
      JsonNode root = JSON.readTree(header);
      if (root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      throw SdxlException.ofJson(file + ": its header is no JSON", e);
    }
    throw new SdxlException(file + ": its header is no JSON object");
  }

  private static Map<String, StoredTensor> tensors(Path file, JsonNode root, long base, long size) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    root.properties().stream()
        .filter(e -> !e.getKey().equals(METADATA))
        .map(e -> tensor(file, e.getKey(), e.getValue(), base, size))
        .sorted(IN_FILE)
        .forEach(t -> tensors.put(t.name(), t));
    refuseShared(file, tensors.values());
    refuseRest(file, tensors.values(), size - base);
    return Collections.unmodifiableMap(tensors);
  }

  private static void refuseShared(Path file, Iterable<StoredTensor> inFileOrder) {
    StoredTensor before = null;
    for (StoredTensor tensor : inFileOrder) {
      if (before != null && tensor.begin() < before.begin() + before.bytes()) {
        throw new SdxlException(
            "%s: %s overlaps %s; tensors must not share bytes"
                .formatted(file, tensor.name(), before.name()));
      }
      before = tensor;
    }
  }

  /**
   * Refuses trailing bytes, as the safetensors library does: an overwritten file is longer than its
   * header says.
   */
  private static void refuseRest(Path file, Collection<StoredTensor> tensors, long size) {
    long taken = tensors.stream().mapToLong(StoredTensor::bytes).sum();
    if (taken != size) {
      throw new SdxlException(
          "%s: its tensors take %d bytes of the data, which has %d".formatted(file, taken, size));
    }
  }

  private static Map<String, String> metadata(JsonNode root) {
    Map<String, String> metadata = new LinkedHashMap<>();
    root.path(METADATA).properties().forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
    return Collections.unmodifiableMap(metadata);
  }

  private static ByteBuffer read(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    int came = 0;
    while (bytes.hasRemaining() && came >= 0) {
      came = channel.read(bytes, at + bytes.position());
    }
    return bytes.flip();
  }

  /**
   * One tensor as the header has it, checked.
   *
   * @param base where the tensors begin in the file
   * @param size of the file
   */
  private static StoredTensor tensor(Path file, String name, JsonNode node, long base, long size) {
    for (String key : List.of("dtype", "shape", "data_offsets")) {
      if (!node.has(key)) {
        throw new SdxlException("%s: %s has no %s in the header".formatted(file, name, key));
      }
    }
    StoredType type = StoredType.of(node.path("dtype").asText(), file + ": " + name);
    JsonNode offsets = node.path("data_offsets");
    long from = offsets.path(0).asLong(-1);
    long to = offsets.path(1).asLong(-1);
    List<Long> shape = shape(file, name, node.path("shape"));
    if (from < 0 || to < from || base + to > size) {
      throw new SdxlException(
          "%s: %s lies at %s of the data, which has %d bytes; cut off?"
              .formatted(file, name, offsets, size - base));
    }
    StoredTensor tensor = new StoredTensor(name, type, shape, base + from, to - from);
    requireSize(file, tensor);
    return tensor;
  }

  private static void requireSize(Path file, StoredTensor tensor) {
    if (tensor.bytes() > Integer.MAX_VALUE) {
      throw new SdxlException(
          "%s: %s has %d bytes, allowed: %d for one tensor"
              .formatted(file, tensor.name(), tensor.bytes(), Integer.MAX_VALUE));
    }
    if (tensor.elements() * tensor.type().bytes() != tensor.bytes()) {
      throw new SdxlException(
          "%s: %s %s %s does not fit %d bytes"
              .formatted(file, tensor.name(), tensor.shape(), tensor.type(), tensor.bytes()));
    }
  }

  private static List<Long> shape(Path file, String name, JsonNode node) {
    List<Long> shape = new ArrayList<>();
    node.forEach(n -> shape.add(n.canConvertToLong() ? n.asLong(-1) : -1));
    if (!isCountable(shape)) {
      throw new SdxlException("%s: %s has the impossible shape %s".formatted(file, name, node));
    }
    return shape;
  }

  /**
   * Refuses shapes whose product overflows: it could equal the number of bytes and let memory
   * beyond them be read.
   */
  private static boolean isCountable(List<Long> shape) {
    try {
      return shape.stream().noneMatch(n -> n < 0)
          && shape.stream().reduce((long) Long.BYTES, Math::multiplyExact) >= 0;
    } catch (ArithmeticException e) {
      return false;
    }
  }
}

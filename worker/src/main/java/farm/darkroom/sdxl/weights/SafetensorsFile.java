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
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file, memory-mapped: an 8-byte little-endian header length, a JSON header, the
 * tensors. Nothing is copied to the heap; the kernel may drop the pages at any time. Thread-safe.
 */
public final class SafetensorsFile implements TensorBytes {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAX_HEADER = 100_000_000;
  private static final long WINDOW = 1L << 30;
  private static final String METADATA = "__metadata__";

  private final Path file;
  private final Map<String, StoredTensor> tensors;
  private final Map<String, String> metadata;
  private final List<Window> windows;

  private record Window(long begin, ByteBuffer bytes) {}

  private SafetensorsFile(
      Path file,
      Map<String, StoredTensor> tensors,
      Map<String, String> metadata,
      List<Window> windows) {
    this.file = file;
    this.tensors = tensors;
    this.metadata = metadata;
    this.windows = windows;
  }

  /**
   * Maps {@code file}. @throws SdxlException naming the file when it is no whole safetensors file
   */
  public static SafetensorsFile open(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      byte[] header = header(file, channel, size);
      JsonNode root = root(file, header);
      Map<String, StoredTensor> tensors = tensors(file, root, header.length, size);
      return new SafetensorsFile(file, tensors, metadata(root), windows(channel, tensors.values()));
    } catch (IOException e) {
      throw new SdxlException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The tensors of {@code file}, by name; nothing is mapped.
   *
   * @throws SdxlException naming the file when it is no whole safetensors file
   */
  public static Map<String, StoredTensor> list(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      byte[] header = header(file, channel, channel.size());
      return tensors(file, root(file, header), header.length, channel.size());
    } catch (IOException e) {
      throw new SdxlException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public Path file() {
    return file;
  }

  /** By name, in file order. */
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  /** What the file says of itself ({@code __metadata__}), mostly nothing. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** The bytes of a tensor, or of a slice of one, mapped. */
  @Override
  public ByteBuffer bytes(StoredTensor tensor) {
    for (Window window : windows) {
      long at = tensor.begin() - window.begin();
      if (at >= 0 && at + tensor.bytes() <= window.bytes().capacity()) {
        return window
            .bytes()
            .slice(Math.toIntExact(at), Math.toIntExact(tensor.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    throw new SdxlException(file + ": " + tensor.name() + " is not of this file");
  }

  private static byte[] header(Path file, FileChannel channel, long size) throws IOException {
    ByteBuffer length = read(channel, 0, (int) Math.min(8, size));
    long header = length.remaining() < 8 ? -1 : length.getLong();
    if (header < 2 || header > MAX_HEADER || header + 8 > size) {
      String looks = looks(read(channel, 0, (int) Math.min(64, size)).array());
      throw new SdxlException(
          "%s: not a safetensors file, or cut off (%d bytes, header %d)%s"
              .formatted(file, size, header, looks));
    }
    return read(channel, 8, (int) header).array();
  }

  /** What lies in the place of weights most often. */
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

  private static Map<String, StoredTensor> tensors(Path file, JsonNode root, int header, long size) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    root.properties().stream()
        .filter(e -> !e.getKey().equals(METADATA))
        .map(e -> tensor(file, e.getKey(), e.getValue(), header + 8L, size))
        .sorted(Comparator.comparingLong(StoredTensor::begin))
        .forEach(t -> tensors.put(t.name(), t));
    return Collections.unmodifiableMap(tensors);
  }

  private static Map<String, String> metadata(JsonNode root) {
    Map<String, String> metadata = new LinkedHashMap<>();
    root.path(METADATA).properties().forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
    return Collections.unmodifiableMap(metadata);
  }

  private static ByteBuffer read(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
      continue;
    }
    return bytes.flip();
  }

  private static StoredTensor tensor(Path file, String name, JsonNode node, long base, long size) {
    for (String key : List.of("dtype", "shape", "data_offsets")) {
      if (!node.has(key)) {
        throw new SdxlException("%s: %s has no %s in the header".formatted(file, name, key));
      }
    }
    StoredType type = StoredType.of(node.path("dtype").asText(), file + ": " + name);
    List<Long> shape = new ArrayList<>();
    node.path("shape").forEach(n -> shape.add(n.canConvertToLong() ? n.asLong(-1) : -1));
    long from = node.path("data_offsets").path(0).asLong(-1);
    long to = node.path("data_offsets").path(1).asLong(-1);
    StoredTensor tensor = new StoredTensor(name, type, shape, base + from, to - from);
    if (!isCountable(shape)) {
      throw new SdxlException(
          "%s: %s has the shape %s, which none has".formatted(file, name, node.path("shape")));
    }
    if (from < 0 || to < from || base + to > size) {
      throw new SdxlException(
          "%s: %s lies at %s of the data, which has %d bytes; cut off?"
              .formatted(file, name, node.path("data_offsets"), size - base));
    }
    if (tensor.elements() * type.bytes() != tensor.bytes()) {
      throw new SdxlException(
          file
              + ": "
              + name
              + " "
              + shape
              + " "
              + type
              + " does not fit "
              + tensor.bytes()
              + " bytes");
    }
    return tensor;
  }

  /** A product that overflows could equal the number of bytes, and memory be read beyond them. */
  private static boolean isCountable(List<Long> shape) {
    try {
      return shape.stream().noneMatch(n -> n < 0)
          && shape.stream().reduce((long) Long.BYTES, Math::multiplyExact) >= 0;
    } catch (ArithmeticException e) {
      return false;
    }
  }

  private static List<Window> windows(FileChannel channel, Iterable<StoredTensor> tensors)
      throws IOException {
    List<Window> windows = new ArrayList<>();
    long begin = -1;
    long end = -1;
    for (StoredTensor tensor : tensors) {
      long stop = tensor.begin() + tensor.bytes();
      if (begin >= 0 && stop - begin > WINDOW) {
        windows.add(map(channel, begin, end));
        begin = -1;
      }
      begin = begin < 0 ? tensor.begin() : begin;
      end = stop;
    }
    if (begin >= 0) {
      windows.add(map(channel, begin, end));
    }
    return List.copyOf(windows);
  }

  private static Window map(FileChannel channel, long begin, long end) throws IOException {
    return new Window(begin, channel.map(FileChannel.MapMode.READ_ONLY, begin, end - begin));
  }
}

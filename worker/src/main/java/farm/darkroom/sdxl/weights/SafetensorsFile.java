package farm.darkroom.sdxl.weights;

import farm.darkroom.sdxl.SdxlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file, memory-mapped: an 8-byte little-endian header length, a JSON header, the
 * tensors. Nothing is copied to the heap; the kernel may drop the pages at any time. Thread-safe.
 */
public final class SafetensorsFile implements TensorBytes {
  private static final long WINDOW = 1L << 30;

  private final Path file;
  private final SafetensorsHeader header;
  private final List<Window> windows;

  private record Window(long begin, ByteBuffer bytes) {}

  private SafetensorsFile(Path file, SafetensorsHeader header, List<Window> windows) {
    this.file = file;
    this.header = header;
    this.windows = windows;
  }

  /**
   * Maps {@code file}.
   *
   * @throws SdxlException naming the file when it is no whole safetensors file
   */
  public static SafetensorsFile open(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      SafetensorsHeader header = SafetensorsHeader.read(file, channel);
      return new SafetensorsFile(file, header, windows(channel, header.tensors().values()));
    } catch (IOException e) {
      throw SdxlException.unreadable(file, e);
    }
  }

  /**
   * The tensors of {@code file}, by name; nothing is mapped.
   *
   * @throws SdxlException naming the file when it is no whole safetensors file
   */
  public static Map<String, StoredTensor> list(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return SafetensorsHeader.read(file, channel).tensors();
    } catch (IOException e) {
      throw SdxlException.unreadable(file, e);
    }
  }

  @Override
  public Path file() {
    return file;
  }

  /** By name, in file order. */
  public Map<String, StoredTensor> tensors() {
    return header.tensors();
  }

  /** The file's {@code __metadata__}, mostly empty. */
  public Map<String, String> metadata() {
    return header.metadata();
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

package farm.darkroom.sdxl.singlefile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Files of half-precision tensors whose content takes no room on the disk. */
final class HoleFile {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens/single_file");

  private HoleFile() {}

  /** A line of the golden: a tensor in the file, and one that diffusers makes of it. */
  record Line(String component, String stored, List<Long> shape, String made) {}

  /** The names and shapes of a published model, and what diffusers makes of them. */
  static List<Line> golden(String model) throws IOException {
    Path file = GOLDENS.resolve(model + ".txt.gz");
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return reader.lines().map(HoleFile::line).toList();
    }
  }

  private static Line line(String text) {
    String[] parts = text.split(" ");
    List<Long> shape =
        parts[2].equals("-")
            ? List.of()
            : Arrays.stream(parts[2].split("x")).map(Long::valueOf).toList();
    return new Line(parts[0], parts[1], shape, parts[3]);
  }

  /** Writes {@code file} with what the lines store. */
  static Path of(List<Line> lines, Path file) throws IOException {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    lines.forEach(line -> shapes.put(line.stored(), line.shape()));
    return write(file, shapes);
  }

  static Path write(Path file, Map<String, List<Long>> shapes) throws IOException {
    long[] end = {0};
    List<String> entries =
        shapes.entrySet().stream()
            .map(
                entry -> {
                  long begin = end[0];
                  end[0] += 2 * entry.getValue().stream().reduce(1L, (a, b) -> a * b);
                  return "\"%s\":{\"dtype\":\"F16\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                      .formatted(entry.getKey(), entry.getValue(), begin, end[0]);
                })
            .toList();
    byte[] header = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
    Files.deleteIfExists(file);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      out.write(length.putLong(header.length).array());
      out.write(header);
      out.setLength(8 + header.length + end[0]);
    }
    return file;
  }
}

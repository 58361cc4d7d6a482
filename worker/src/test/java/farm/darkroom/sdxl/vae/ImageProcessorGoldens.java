package farm.darkroom.sdxl.vae;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Sources and cases of scripts/goldens/image_processor.py. */
final class ImageProcessorGoldens {
  private static final Path FOLDER = Path.of("src/test/resources/goldens/image_processor");
  private static final SafetensorsFile SOURCES =
      SafetensorsFile.open(FOLDER.resolve("sources.safetensors"));

  private ImageProcessorGoldens() {}

  static Stream<JsonNode> cases(String name) {
    try {
      JsonNode root = new ObjectMapper().readTree(FOLDER.resolve(name + ".json").toFile());
      return StreamSupport.stream(root.spliterator(), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Raster source(JsonNode name) {
    StoredTensor tensor = SOURCES.tensors().get(name.asText());
    byte[] samples = new byte[(int) tensor.bytes()];
    SOURCES.bytes(tensor).get(samples);
    List<Long> shape = tensor.shape();
    int channels = shape.size() < 3 ? 1 : shape.get(2).intValue();
    return new Raster(
        new Size(shape.get(0).intValue(), shape.get(1).intValue()), channels, samples);
  }

  static Optional<Box> box(JsonNode box) {
    return box.isNull()
        ? Optional.empty()
        : Optional.of(
            new Box(
                box.get(0).asInt(), box.get(1).asInt(), box.get(2).asInt(), box.get(3).asInt()));
  }

  /** A raster in the words of a case. */
  static String said(Raster raster) {
    return said(raster.width(), raster.height(), digest(raster.samples()));
  }

  static String said(JsonNode golden) {
    return said(
        golden.get("width").asInt(), golden.get("height").asInt(), golden.get("sha256").asText());
  }

  private static String said(int width, int height, String digest) {
    return width + " x " + height + " " + digest;
  }

  static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}

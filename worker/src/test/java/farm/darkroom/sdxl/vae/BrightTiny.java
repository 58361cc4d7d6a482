package farm.darkroom.sdxl.vae;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** The goldens' tiny autoencoder with a bias at its end: its weights alone make black pictures. */
public final class BrightTiny {
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";
  private static final int MOST_LAYERS = 100;

  /** In float16. */
  private static final short HALF = 0x3800;

  private BrightTiny() {}

  /** Writes the autoencoder. @return the folder */
  public static Path write(Path folder) throws IOException {
    Path tiny = VaeGoldens.FOLDER.resolve("tiny");
    Files.createDirectories(folder);
    Files.copy(tiny.resolve("config.json"), folder.resolve("config.json"));
    byte[] file = Files.readAllBytes(tiny.resolve(WEIGHTS));
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int data = Long.BYTES + (int) bytes.getLong(0);
    JsonNode header = new ObjectMapper().readTree(file, Long.BYTES, data - Long.BYTES);
    JsonNode bias = header.get("decoder.layers." + lastLayer(header) + ".bias");
    int begin = data + bias.get("data_offsets").get(0).intValue();
    int end = data + bias.get("data_offsets").get(1).intValue();
    for (int at = begin; at < end; at += Short.BYTES) {
      bytes.putShort(at, HALF);
    }
    Files.write(folder.resolve(WEIGHTS), file);
    return folder;
  }

  private static int lastLayer(JsonNode header) {
    return IntStream.range(0, MOST_LAYERS)
        .filter(layer -> header.has("decoder.layers." + layer + ".bias"))
        .max()
        .orElseThrow();
  }
}

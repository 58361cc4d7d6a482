package farm.darkroom.sdxl.vision;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.text.HiddenActivation;
import farm.darkroom.sdxl.unet.IpAttention;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes IP-Adapters for the demo base as {@code scripts/goldens/adapters.py} does: plain, plus.
 */
public final class IpAdapterFolder {
  private static final Path UNET = Path.of("demo-model/base/unet/config.json");
  private static final int TEXT = 160;
  private static final CLIPVisionConfig ENCODER =
      new CLIPVisionConfig(48, 96, 40, 3, 4, 56, 14, HiddenActivation.GELU, 1e-5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private IpAdapterFolder() {}

  /** Both adapters, with their image encoder beside them. */
  public static Path write(Path folder) throws IOException {
    Path encoder = Files.createDirectories(folder.resolve("image_encoder"));
    Files.writeString(encoder.resolve("config.json"), config().toString());
    write(
        encoder.resolve("model.safetensors"),
        new CLIPVisionModelWithProjection(ENCODER).groups().stream());
    write(folder.resolve("plain.safetensors"), new ImageProjection(ENCODER.projectionDim(), TEXT));
    write(
        folder.resolve("plus.safetensors"),
        new IPAdapterPlusImageProjection(ENCODER.hiddenSize(), 128, 128, 3, TEXT));
    return folder;
  }

  /** The encoder's config.json. */
  public static ObjectNode config() {
    return JSON.createObjectNode()
        .put("hidden_size", ENCODER.hiddenSize())
        .put("intermediate_size", ENCODER.intermediateSize())
        .put("projection_dim", ENCODER.projectionDim())
        .put("num_hidden_layers", ENCODER.numHiddenLayers())
        .put("num_attention_heads", ENCODER.numAttentionHeads())
        .put("image_size", ENCODER.imageSize())
        .put("patch_size", ENCODER.patchSize())
        .put("hidden_act", "gelu");
  }

  private static void write(Path file, TokenProjection projection) throws IOException {
    List<WeightGroup> attention = new IpAttention(UNetConfig.read(UNET)).groups();
    write(file, Stream.concat(attention.stream(), projection.groups().stream()));
  }

  /** A safetensors file of these weights, by the formula of {@code made}. */
  public static void write(Path file, Stream<WeightGroup> groups) throws IOException {
    SortedMap<String, WeightSpec> specs = new TreeMap<>();
    groups.forEach(group -> group.weights().forEach(spec -> specs.put(spec.tensor(), spec)));
    ObjectNode header = JSON.createObjectNode();
    long end = 0;
    for (WeightSpec spec : specs.values()) {
      ObjectNode entry = header.putObject(spec.tensor()).put("dtype", "F32");
      entry.set("shape", JSON.valueToTree(spec.shape()));
      long begin = end;
      end += Float.BYTES * spec.elements();
      entry.putArray("data_offsets").add(begin).add(end);
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate((int) (Long.BYTES + text.length + end));
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text);
    int k = 0;
    for (WeightSpec spec : specs.values()) {
      put(bytes, spec, k++);
    }
    Files.write(file, bytes.array());
  }

  private static void put(ByteBuffer bytes, WeightSpec spec, int k) {
    long fanIn = spec.shape().size() > 1 ? spec.elements() / spec.shape().get(0) : 16;
    for (long i = 0; i < spec.elements(); i++) {
      double drawn = ((i * i * 7 + i * 31 + k * 101L) % 2003 - 1001) / 1001.0;
      double value = isNorm(spec.tensor()) ? 1 + drawn / 10 : drawn * Math.sqrt(3.0 / fanIn);
      bytes.putFloat((float) value);
    }
  }

  private static boolean isNorm(String name) {
    return name.endsWith("weight") && (name.contains("norm") || name.contains(".1.0."));
  }
}

package farm.darkroom.worker.render;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Writes the demo base with another UNet. */
final class DemoVariant {
  private static final Path DEMO = Path.of("demo-model/base");
  private static final String WEIGHTS = "unet/diffusion_pytorch_model.safetensors";
  private static final int DEMO_CHANNELS = 48;
  private static final int GUIDANCE_FEATURES = 24;
  private static final ObjectMapper JSON = new ObjectMapper();

  private DemoVariant() {}

  /** A model for inpainting, whose five further channels weigh nothing. */
  static void inpainting(Path folder) throws IOException {
    write(folder, "in_channels", 9, UnaryOperator.identity(), part -> widened(part, 9, k -> 0));
  }

  /**
   * A model of instruct-pix2pix, which takes the latents of a picture beside its own: {@code
   * models} of scripts/goldens/additions.py.
   *
   * @param cosxl whether the picture's latents are scaled
   */
  static void editing(Path folder, boolean cosxl) throws IOException {
    write(
        folder,
        "in_channels",
        8,
        UnaryOperator.identity(),
        part -> widened(part, 8, k -> (k * 7 % 13 - 6) / 64f));
    Path index = folder.resolve("model_index.json");
    ObjectNode json = (ObjectNode) JSON.readTree(index.toFile());
    json.put("_class_name", "StableDiffusionXLInstructPix2PixPipeline");
    Files.writeString(index, json.put("is_cosxl_edit", cosxl).toString());
  }

  /** A model that is told the guidance: {@code models} of scripts/goldens/additions.py. */
  static void distilled(Path folder) throws IOException {
    write(folder, "time_cond_proj_dim", GUIDANCE_FEATURES, DemoVariant::withGuidance, part -> part);
  }

  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
  private record Part(String name, String type, List<Long> shape, byte[] bytes) {}

  private static void write(
      Path folder,
      String key,
      int value,
      UnaryOperator<List<Part>> added,
      UnaryOperator<Part> changed)
      throws IOException {
    try (Stream<Path> files = Files.walk(DEMO)) {
      files.forEach(file -> copy(file, folder.resolve(DEMO.relativize(file))));
    }
    Path config = folder.resolve("unet/config.json");
    ObjectNode json = (ObjectNode) JSON.readTree(config.toFile());
    Files.writeString(config, json.put(key, value).toString());
    SafetensorsFile unet = SafetensorsFile.open(DEMO.resolve(WEIGHTS));
    List<Part> parts = unet.tensors().values().stream().map(t -> part(unet, t)).toList();
    Files.write(folder.resolve(WEIGHTS), file(added.apply(parts).stream().map(changed).toList()));
  }

  private static Part part(SafetensorsFile unet, StoredTensor tensor) {
    byte[] bytes = new byte[(int) tensor.bytes()];
    unet.bytes(tensor).get(bytes);
    return new Part(tensor.name(), tensor.type().name(), tensor.shape(), bytes);
  }

  private static List<Part> withGuidance(List<Part> parts) {
    ByteBuffer values = ByteBuffer.allocate(Float.BYTES * DEMO_CHANNELS * GUIDANCE_FEATURES);
    values.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < DEMO_CHANNELS * GUIDANCE_FEATURES; i++) {
      values.putFloat((i * 7 % 13 - 6) / 60f);
    }
    List<Long> shape = List.of((long) DEMO_CHANNELS, (long) GUIDANCE_FEATURES);
    Part weight = new Part("time_embedding.cond_proj.weight", "F32", shape, values.array());
    return Stream.concat(parts.stream(), Stream.of(weight)).toList();
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] file(List<Part> parts) {
    ByteArrayOutputStream tensors = new ByteArrayOutputStream();
    ObjectNode header = JSON.createObjectNode();
    for (Part part : parts) {
      int end = tensors.size() + part.bytes().length;
      ObjectNode entry = header.putObject(part.name()).put("dtype", part.type());
      entry.set("shape", JSON.valueToTree(part.shape()));
      entry.putArray("data_offsets").add(tensors.size()).add(end);
      tensors.writeBytes(part.bytes());
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(Long.BYTES + text.length + tensors.size());
    file.order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text).put(tensors.toByteArray());
    return file.array();
  }

  private static Part widened(Part part, int channels, IntToDoubleFunction weights) {
    if (!part.name().equals("conv_in.weight")) {
      return part;
    }
    List<Long> shape = new ArrayList<>(part.shape());
    shape.set(1, (long) channels);
    byte[] bytes = widened(part.bytes(), shape.get(0).intValue(), channels, weights);
    return new Part(part.name(), part.type(), shape, bytes);
  }

  /**
   * From 4 channels to more, of as many filters, in float16.
   *
   * @param weights what each of the further ones weighs
   */
  private static byte[] widened(
      byte[] narrow, int filters, int channels, IntToDoubleFunction weights) {
    int from = narrow.length / filters;
    int to = from / 4 * channels;
    ByteBuffer wide = ByteBuffer.allocate(filters * to).order(ByteOrder.LITTLE_ENDIAN);
    int further = 0;
    for (int i = 0; i < filters; i++) {
      wide.put(narrow, i * from, from);
      while (wide.position() < (i + 1) * to) {
        wide.putShort(half((float) weights.applyAsDouble(further++)));
      }
    }
    return wide.array();
  }

  /** A float16 that is not too small for its whole mantissa. */
  private static short half(float value) {
    int bits = Float.floatToIntBits(value);
    int magnitude = value == 0 ? 0 : ((bits & Integer.MAX_VALUE) >>> 13) - (112 << 10);
    return (short) (bits >>> 16 & 0x8000 | magnitude);
  }
}

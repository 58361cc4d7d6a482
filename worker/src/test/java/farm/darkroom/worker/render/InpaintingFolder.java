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
import java.util.stream.Stream;

/** Writes the demo base as a model for inpainting, whose five further channels weigh nothing. */
final class InpaintingFolder {
  private static final Path DEMO = Path.of("demo-model/base");
  private static final String WEIGHTS = "unet/diffusion_pytorch_model.safetensors";
  private static final ObjectMapper JSON = new ObjectMapper();

  private InpaintingFolder() {}

  static void write(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(DEMO)) {
      files.forEach(file -> copy(file, folder.resolve(DEMO.relativize(file))));
    }
    Path config = folder.resolve("unet/config.json");
    ObjectNode changed = (ObjectNode) JSON.readTree(config.toFile());
    Files.writeString(config, changed.put("in_channels", 9).toString());
    Files.write(folder.resolve(WEIGHTS), widened(SafetensorsFile.open(DEMO.resolve(WEIGHTS))));
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] widened(SafetensorsFile unet) {
    ByteArrayOutputStream tensors = new ByteArrayOutputStream();
    ObjectNode header = JSON.createObjectNode();
    for (StoredTensor tensor : unet.tensors().values()) {
      byte[] bytes = new byte[(int) tensor.bytes()];
      unet.bytes(tensor).get(bytes);
      List<Long> shape = new ArrayList<>(tensor.shape());
      if (tensor.name().equals("conv_in.weight")) {
        bytes = widened(bytes, shape.get(0).intValue());
        shape.set(1, 9L);
      }
      ObjectNode entry = header.putObject(tensor.name()).put("dtype", tensor.type().name());
      entry.set("shape", JSON.valueToTree(shape));
      entry.putArray("data_offsets").add(tensors.size()).add(tensors.size() + bytes.length);
      tensors.writeBytes(bytes);
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(Long.BYTES + text.length + tensors.size());
    file.order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text).put(tensors.toByteArray());
    return file.array();
  }

  /** From 4 channels to 9, of as many filters. */
  private static byte[] widened(byte[] narrow, int filters) {
    int from = narrow.length / filters;
    int to = from / 4 * 9;
    byte[] wide = new byte[filters * to];
    for (int i = 0; i < filters; i++) {
      System.arraycopy(narrow, i * from, wide, i * to, from);
    }
    return wide;
  }
}

package farm.darkroom.worker.render.inventory;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes the goldens' ControlNet as a folder of its own: the half that it shares with the demo UNet
 * is copied from there, as ControlNetModel.from_unet does.
 */
public final class ControlNetFolder {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens/unet/controlnet");
  private static final Path UNION = GOLDENS.resolveSibling("union");
  private static final Path UNET =
      Path.of("demo-model/base/unet/diffusion_pytorch_model.safetensors");
  private static final ObjectMapper JSON = new ObjectMapper();

  private ControlNetFolder() {}

  /** The folder, with {@code changes} to its config. */
  public static Path write(Path folder, Map<String, Object> changes) throws IOException {
    ObjectNode config = (ObjectNode) JSON.readTree(GOLDENS.resolve("config.json").toFile());
    changes.forEach((key, value) -> config.set(key, JSON.valueToTree(value)));
    return write(folder, config, List.of(GOLDENS.resolve("extra.safetensors"), UNET));
  }

  /** The goldens' ControlNetUnionModel, which has a part of its own beside the ControlNet's. */
  public static Path writeUnion(Path folder) throws IOException {
    ObjectNode config = (ObjectNode) JSON.readTree(UNION.resolve("config.json").toFile());
    return write(
        folder,
        config,
        List.of(UNION.resolve("extra.safetensors"), GOLDENS.resolve("extra.safetensors"), UNET));
  }

  private static Path write(Path folder, ObjectNode config, List<Path> files) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), config.toString());
    ByteArrayOutputStream tensors = new ByteArrayOutputStream();
    ObjectNode header = JSON.createObjectNode();
    for (Path part : files) {
      add(SafetensorsFile.open(part), header, tensors);
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(Long.BYTES + text.length + tensors.size());
    file.order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text).put(tensors.toByteArray());
    Files.write(folder.resolve("diffusion_pytorch_model.safetensors"), file.array());
    return folder;
  }

  private static void add(SafetensorsFile from, ObjectNode header, ByteArrayOutputStream tensors) {
    for (StoredTensor tensor : from.tensors().values()) {
      if (!tensor.name().matches("(up_blocks|conv_norm_out|conv_out)\\..*")) {
        byte[] bytes = new byte[(int) tensor.bytes()];
        from.bytes(tensor).get(bytes);
        ObjectNode entry = header.putObject(tensor.name()).put("dtype", tensor.type().name());
        entry.set("shape", JSON.valueToTree(tensor.shape()));
        entry.putArray("data_offsets").add(tensors.size()).add(tensors.size() + bytes.length);
        tensors.writeBytes(bytes);
      }
    }
  }
}

package farm.darkroom.sdxl.singlefile;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code NAME.json} beside {@code NAME.safetensors} says of configs: per component the keys
 * that tensors do not show, or that are to be others.
 *
 * @param file where a value is from, for messages: the JSON file where there is one, else the model
 */
record Overrides(Path file, JsonNode json) {
  private static final List<String> KEYS =
      List.of(
          "model_index",
          Component.UNET,
          Component.VAE,
          "text_encoder",
          "text_encoder_2",
          "scheduler",
          Component.CONTROLNET);

  Overrides {
    requireNonNull(file, "file");
  }

  /** Where they lie, if there are any. */
  static Path place(Path model) {
    String name = model.getFileName().toString().replaceFirst("\\.safetensors$", ".json");
    return model.resolveSibling(name);
  }

  static Overrides beside(Path model) {
    Path file = place(model);
    if (!Files.isRegularFile(file)) {
      return new Overrides(model, JsonNodeFactory.instance.objectNode());
    }
    JsonNode json = JsonFile.object(file);
    json.properties()
        .forEach(
            entry -> {
              if (!KEYS.contains(entry.getKey()) || !entry.getValue().isObject()) {
                throw new SdxlException(
                    "%s: %s is %s; expected objects called %s"
                        .formatted(
                            file,
                            entry.getKey(),
                            entry.getValue().getNodeType(),
                            String.join(", ", KEYS)));
              }
            });
    return new Overrides(file, json);
  }

  /** The derived config, with what the file says of {@code key} in its place. */
  ObjectNode over(String key, ObjectNode derived) {
    if (json.path(key) instanceof ObjectNode said) {
      derived.setAll(said);
    }
    return derived;
  }
}

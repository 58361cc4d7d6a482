package farm.darkroom.sdxl.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model folder with {@code model_index.json}. Components are opened when asked for.
 *
 * @param index the content of model_index.json
 */
record SnapshotFolder(Path folder, JsonNode index) implements Snapshot {
  private static final String INDEX = "model_index.json";

  /** Pipelines that differ in what they do with the same components; which one, the job decides. */
  private static final Pattern PIPELINES =
      Pattern.compile(
          "StableDiffusionXL(ControlNet(Union)?|Adapter)?(PAG)?(Img2Img|Inpaint)?Pipeline");

  static SnapshotFolder open(Path folder) {
    JsonNode index = JsonFile.object(folder.resolve(INDEX));
    String pipeline = index.path("_class_name").asText();
    if (!PIPELINES.matcher(pipeline).matches()) {
      throw new SdxlException(
          "%s: _class_name is %s; one of SDXL's pipelines is expected, such as StableDiffusionXLPipeline"
              .formatted(
                  folder.resolve(INDEX),
                  index.has("_class_name") ? index.get("_class_name") : "missing"));
    }
    return new SnapshotFolder(folder, index);
  }

  @Override
  public Path indexFile() {
    return folder.resolve(INDEX);
  }

  @Override
  public Optional<Component> find(String name) {
    return has(name) ? Optional.of(Component.open(name, folder.resolve(name))) : Optional.empty();
  }

  @Override
  public JsonNode schedulerConfig() {
    Path file = folder.resolve("scheduler").resolve("scheduler_config.json");
    ObjectNode config = JsonFile.object(file);
    JsonNode name = index.path("scheduler").path(1);
    return name.isTextual() ? config.set("_class_name", name) : config;
  }

  @Override
  public Path tokenizer(String name) {
    return folder.resolve(name);
  }
}

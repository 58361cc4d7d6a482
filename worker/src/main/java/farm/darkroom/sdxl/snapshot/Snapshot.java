package farm.darkroom.sdxl.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * A model folder with {@code model_index.json}. Components are opened when asked for.
 *
 * @param index the content of model_index.json
 */
public record Snapshot(Path folder, JsonNode index) {
  private static final Set<String> PIPELINES =
      Set.of(
          "StableDiffusionXLPipeline",
          "StableDiffusionXLImg2ImgPipeline",
          "StableDiffusionXLInpaintPipeline",
          "StableDiffusionXLControlNetPipeline");

  /** Opens a snapshot of one of SDXL's pipelines. */
  public static Snapshot open(Path folder) {
    JsonNode index = JsonFile.object(folder.resolve("model_index.json"));
    String pipeline = index.path("_class_name").asText();
    if (!PIPELINES.contains(pipeline)) {
      throw new SdxlException(
          folder.resolve("model_index.json")
              + ": _class_name is \""
              + pipeline
              + "\"; one of SDXL's pipelines is expected, such as StableDiffusionXLPipeline");
    }
    return new Snapshot(folder, index);
  }

  /** Whether the index names the component; null entries (a refiner's first encoder) do not. */
  public boolean has(String component) {
    return index.path(component).path(1).isTextual();
  }

  /** The component. @throws SdxlException when the snapshot has none of that name */
  public Component component(String name) {
    return find(name)
        .orElseThrow(
            () -> new SdxlException(folder.resolve("model_index.json") + ": no component " + name));
  }

  /** The component, if the snapshot has it. */
  public Optional<Component> find(String name) {
    return has(name) ? Optional.of(Component.open(name, folder.resolve(name))) : Optional.empty();
  }

  /**
   * {@code scheduler/scheduler_config.json}. Where model_index.json names another class than the
   * file's {@code _class_name}, the index decides, as in diffusers.
   */
  public JsonNode schedulerConfig() {
    Path file = folder.resolve("scheduler").resolve("scheduler_config.json");
    ObjectNode config = JsonFile.object(file);
    JsonNode name = index.path("scheduler").path(1);
    return name.isTextual() ? config.set("_class_name", name) : config;
  }

  /** A flag of model_index.json, such as {@code force_zeros_for_empty_prompt}. */
  public boolean flag(String key, boolean absent) {
    return index.path(key).asBoolean(absent);
  }
}

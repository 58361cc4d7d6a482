package farm.darkroom.sdxl.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model folder with {@code model_index.json}. Components are opened when asked for.
 *
 * @param index the content of model_index.json
 */
record SnapshotFolder(Path folder, JsonNode index) implements Snapshot {
  private static final String INDEX = "model_index.json";

  private static final List<String> TOKENIZERS = List.of("CLIPTokenizer", "CLIPTokenizerFast");
  private static final List<String> CLIP = List.of("CLIPTextModel", "CLIPTextModelWithProjection");

  /** What the index may say that a component is; its own config says it again, or more. */
  private static final Map<String, List<String>> CLASSES =
      Map.of(
          Component.UNET,
          List.of("UNet2DConditionModel"),
          Component.VAE,
          List.of("AutoencoderKL", "AutoencoderTiny"),
          "text_encoder",
          CLIP,
          "text_encoder_2",
          CLIP,
          "tokenizer",
          TOKENIZERS,
          "tokenizer_2",
          TOKENIZERS);

  /** Pipelines that differ in what they do with the same components; which one, the job decides. */
  private static final Pattern PIPELINES =
      Pattern.compile(
          "StableDiffusionXL(ControlNet(Union)?|Adapter)?(PAG)?(Img2Img|Inpaint)?Pipeline"
              + "|StableDiffusionXLInstructPix2PixPipeline");

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
    if (!has(name)) {
      return Optional.empty();
    }
    checkClass(name);
    return Optional.of(Component.open(name, folder.resolve(name)));
  }

  private void checkClass(String name) {
    String found = index.path(name).path(1).asText();
    List<String> known = CLASSES.getOrDefault(name, List.of(found));
    if (!known.contains(found)) {
      throw new SdxlException(
          "%s: %s is %s; supported: %s"
              .formatted(indexFile(), name, found, String.join(", ", known)));
    }
  }

  @Override
  public JsonNode schedulerConfig() {
    Path file = folder.resolve("scheduler").resolve("scheduler_config.json");
    ObjectNode config = JsonFile.config(file);
    JsonNode name = index.path("scheduler").path(1);
    return name.isTextual() ? config.set("_class_name", name) : config;
  }

  @Override
  public Path tokenizer(String name) {
    if (has(name)) {
      checkClass(name);
    }
    return folder.resolve(name);
  }
}

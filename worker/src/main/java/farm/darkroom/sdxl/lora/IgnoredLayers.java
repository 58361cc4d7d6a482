package farm.darkroom.sdxl.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Layers of a LoRA file that the model has, but that diffusers does not read. */
record IgnoredLayers(LoraFile file) {
  private static final Pattern QUERIES_KEYS_VALUES = Pattern.compile(".*_self_attn_[qkv]_proj");
  private static final String PEFT_DOWN = "lora_A";
  private static final String ADD_EMBEDDING = "lora_unet_add_embedding_";

  boolean has(Layer layer) {
    return isQuery(layer) || isEmbedding(layer) || isMixedIn(layer);
  }

  /**
   * Whether the layer has names that diffusers does not read beside those of other layers, so that
   * its alpha counts for nothing, too: kohya's are read where all are kohya's, and diffusers' own
   * in the UNet where PEFT's do not come first (its training scripts write files with both).
   */
  boolean isMixedIn(Layer layer) {
    return layer.kohya() ? file.isMixed() : isUnconverted(layer);
  }

  private boolean isUnconverted(Layer layer) {
    return layer.name().component().equals(LayerName.UNET)
        && !layer.down().name().contains(PEFT_DOWN)
        && file.first(LayerName.UNET).contains(PEFT_DOWN);
  }

  /**
   * diffusers tells kohya's names in a text encoder by an {@code out_proj}; where there is none,
   * and a layer of the {@code mlp} is, it reads that alone.
   */
  private boolean isQuery(Layer layer) {
    return layer.kohya()
        && QUERIES_KEYS_VALUES.matcher(layer.name().path()).matches()
        && !hasLike(layer, "_out_proj")
        && hasLike(layer, "_mlp_");
  }

  /** diffusers reads the UNet's add_embedding under its original name {@code label_emb} only. */
  private static boolean isEmbedding(Layer layer) {
    return layer.kohya() && layer.down().name().startsWith(ADD_EMBEDDING);
  }

  private boolean hasLike(Layer layer, String part) {
    return file.layers().stream()
        .map(Layer::name)
        .anyMatch(
            other ->
                other.component().equals(layer.name().component()) && other.path().contains(part));
  }

  /** One line for each kind of layer that is ignored. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    warn(
        this::isQuery,
        "layers of queries, keys or values of a text encoder have no out_proj beside them",
        warnings);
    warn(
        IgnoredLayers::isEmbedding,
        "layers of add_embedding in kohya's names, which calls it label_emb",
        warnings);
    warn(
        this::isMixedIn,
        "layers have names of another kind than others, or than the first",
        warnings);
    if (file.isPlainOfDora()) {
      warnings.add(
          "LoRA %s: DoRA in kohya's names; as in diffusers, its dora_scale is left out"
              .formatted(file.path().getFileName()));
    }
    return warnings;
  }

  private void warn(Predicate<Layer> ignored, String what, List<String> warnings) {
    long count = file.layers().stream().filter(ignored).count();
    if (count > 0) {
      warnings.add(
          "LoRA %s: %s (%d); as in diffusers, they are left out"
              .formatted(file.path().getFileName(), what, count));
    }
  }
}

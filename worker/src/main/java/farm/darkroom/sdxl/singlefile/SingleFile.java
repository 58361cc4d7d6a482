package farm.darkroom.sdxl.singlefile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.TensorView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A checkpoint in one file as a snapshot (diffusers' {@code from_single_file}): a base, a refiner,
 * or an inpainting model. Thread-safe.
 */
public final class SingleFile implements Snapshot {
  private static final String UNET = "model.diffusion_model.";
  private static final String VAE = "first_stage_model.";
  private static final String VAE_MARK = "encoder.down.0.block.0.norm1.weight";
  private static final String DIFFUSERS_VAE_MARK = "encoder.down_blocks.0.resnets.0.norm1.weight";
  private static final String CLIP = "conditioner.embedders.0.transformer.";
  private static final String OPEN_CLIP = "conditioner.embedders.1.model.";
  private static final String REFINER_CLIP = "conditioner.embedders.0.model.";
  private static final String TOKENS = "text_model.embeddings.token_embedding.weight";

  private final Path file;
  private final ObjectNode index;
  private final ObjectNode scheduler;
  private final Map<String, Component> components;
  private final TokenizerFolders tokenizers;

  private SingleFile(
      Path file,
      ObjectNode index,
      ObjectNode scheduler,
      Map<String, Component> components,
      TokenizerFolders tokenizers) {
    this.file = file;
    this.index = index;
    this.scheduler = scheduler;
    this.components = Map.copyOf(components);
    this.tokenizers = tokenizers;
  }

  /**
   * Opens a file; weights are mapped, nothing is read yet.
   *
   * @param tokenizers are asked for what is not beside the file
   * @throws SdxlException naming the file when it is no SDXL checkpoint
   */
  public static SingleFile open(Path file, TokenizerFolders tokenizers) {
    SafetensorsFile tensors = SafetensorsFile.open(file);
    Overrides overrides = Overrides.beside(file);
    Tensors unet = Tensors.under(tensors, UNET);
    Tensors second = Tensors.under(tensors, OPEN_CLIP);
    boolean refiner = second.isEmpty() && !Tensors.under(tensors, REFINER_CLIP).isEmpty();
    check(tensors, unet, refiner || !second.isEmpty());
    Parts parts = new Parts(overrides);
    if (!refiner) {
      parts.clip("text_encoder", Tensors.under(tensors, CLIP));
    }
    int pooled =
        parts.openClip("text_encoder_2", refiner ? Tensors.under(tensors, REFINER_CLIP) : second);
    parts.vae(Tensors.under(tensors, VAE));
    parts.unet(unet, pooled, refiner ? 5 : 6);
    return new SingleFile(
        file,
        overrides.over("model_index", Defaults.index(parts.components, refiner)),
        overrides.over("scheduler", Defaults.scheduler(tensors)),
        parts.components,
        tokenizers);
  }

  /**
   * The VAE of a file: of a checkpoint, or of a file that has nothing else, in LDM's names or in
   * diffusers'.
   *
   * @throws SdxlException naming the file when it has none
   */
  public static Component vae(Path file) {
    SafetensorsFile tensors = SafetensorsFile.open(file);
    Parts parts = new Parts(Overrides.beside(file));
    Tensors all = Tensors.under(tensors, "");
    if (all.has(DIFFUSERS_VAE_MARK)) {
      parts.vaeAsNamed(all);
    }
    Stream.of(VAE, "")
        .map(prefix -> Tensors.under(tensors, prefix))
        .filter(vae -> vae.has(VAE_MARK))
        .findFirst()
        .ifPresent(parts::vae);
    return Optional.ofNullable(parts.components.get(Component.VAE))
        .orElseThrow(() -> new SdxlException("%s: no VAE: no %s%s".formatted(file, VAE, VAE_MARK)));
  }

  /** Where the configs of a model, a VAE or a ControlNet in one file are changed, if they are. */
  public static Path overrides(Path file) {
    return Overrides.place(file);
  }

  /** Whether a file is one, as far as its tensors' names say. */
  public static boolean isOne(Path file) {
    return names(file).stream().anyMatch(name -> name.startsWith(UNET));
  }

  /** Whether a file has a VAE. */
  public static boolean hasVae(Path file) {
    Set<String> names = names(file);
    return Stream.of(VAE_MARK, VAE + VAE_MARK, DIFFUSERS_VAE_MARK).anyMatch(names::contains);
  }

  /** The names of all tensors; empty if the file is not a safetensors file. */
  static Set<String> names(Path file) {
    try {
      return SafetensorsFile.list(file).keySet();
    } catch (SdxlException e) {
      return Set.of();
    }
  }

  private static void check(SafetensorsFile file, Tensors unet, boolean encoder) {
    if (!unet.isEmpty() && encoder) {
      return;
    }
    String first = file.tensors().keySet().stream().findFirst().orElse("nothing");
    throw new SdxlException(
        unet.isEmpty()
            ? "%s: no checkpoint: %s* is expected, found are others, such as %s (%d in all)"
                .formatted(file.file(), UNET, first, file.tensors().size())
            : "%s: no SDXL checkpoint: %s* (base) or %s* (refiner) is expected"
                .formatted(file.file(), OPEN_CLIP, REFINER_CLIP));
  }

  /** Collects the components. */
  private static final class Parts {
    private final Overrides overrides;
    private final Map<String, Component> components = new LinkedHashMap<>();

    Parts(Overrides overrides) {
      this.overrides = overrides;
    }

    void unet(Tensors unet, int pooled, int timeIds) {
      UNetBlocks blocks = UNetBlocks.of(unet);
      UNetNames names = new UNetNames(blocks);
      add(
          Component.UNET,
          unet,
          unet.all().stream().map(view -> view.named(names.of(view.tensor().name()))).toList(),
          new UNetConfigJson(unet, blocks).of(pooled, timeIds));
    }

    /** Checkpoints may come without a VAE; then the job has to name one. */
    void vae(Tensors vae) {
      if (!vae.isEmpty()) {
        vaeAsNamed(vae.with(VaeNames.of(vae)::view));
      }
    }

    /** In diffusers' names. */
    void vaeAsNamed(Tensors vae) {
      add(Component.VAE, vae, List.copyOf(vae.all()), new VaeConfigJson(vae).of());
    }

    void clip(String name, Tensors clip) {
      List<TensorView> views = List.copyOf(clip.all());
      add(name, clip, views, TextConfigJson.of(views, "quick_gelu"));
    }

    /** Gives the width of its pooled output. */
    int openClip(String name, Tensors clip) {
      List<TensorView> views =
          clip.all().stream().flatMap(view -> OpenClipNames.views(view).stream()).toList();
      ObjectNode config = TextConfigJson.of(views, "gelu");
      add(name, clip, views, config);
      return config.path("projection_dim").asInt();
    }

    private void add(String name, Tensors from, List<TensorView> views, ObjectNode config) {
      Checkpoint checkpoint = Checkpoint.of(name, from.file().file(), views);
      JsonNode whole = overrides.over(name, config);
      components.put(name, new Component(name, overrides.file(), whole, checkpoint));
    }
  }

  @Override
  public Path folder() {
    return file.toAbsolutePath().getParent();
  }

  @Override
  public Path indexFile() {
    return file;
  }

  @Override
  public JsonNode index() {
    return index;
  }

  @Override
  public Optional<Component> find(String name) {
    return Optional.ofNullable(components.get(name));
  }

  @Override
  public JsonNode schedulerConfig() {
    return scheduler;
  }

  /** Beside the file, else where {@link TokenizerFolders} says. */
  @Override
  public Path tokenizer(String name) {
    Path beside = folder().resolve(name);
    if (Files.isDirectory(beside)) {
      return beside;
    }
    Component encoder = component(name.replace("tokenizer", "text_encoder"));
    long words = encoder.checkpoint().find(TOKENS).map(tensor -> tensor.shape().get(0)).orElse(0L);
    return tokenizers.find(name, words);
  }
}

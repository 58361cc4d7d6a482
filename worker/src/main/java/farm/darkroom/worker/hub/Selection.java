package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which files of a repository a pipeline needs, by the rules of diffusers' {@code
 * DiffusionPipeline.download}: the components that model_index.json names; of weights safetensors
 * only, and of these the variant where a component has it, else full precision.
 */
final class Selection {
  static final String INDEX = "model_index.json";
  static final String CONFIG = "config.json";
  private static final String STEM = "(diffusion_pytorch_model|model)";
  private static final String SHARD = "-\\d{5}-of-\\d{5}";
  private static final Pattern PLAIN =
      Pattern.compile(
          STEM + "(" + SHARD + ")?\\.safetensors|" + STEM + "\\.safetensors\\.index\\.json");
  private static final Pattern WEIGHTS =
      Pattern.compile(".*\\.(bin|safetensors|onnx|pb|msgpack|ckpt|pt|pth|h5|flashpack)(\\..*)?");

  private final Listing listing;
  private final Optional<String> variant;

  /**
   * @param variant such as {@code fp16}
   */
  Selection(Listing listing, Optional<String> variant) {
    this.listing = requireNonNull(listing, "listing");
    this.variant = requireNonNull(variant, "variant");
  }

  /**
   * The files of a pipeline.
   *
   * @param index the content of model_index.json
   * @throws HubException when a component has no safetensors, or none has the variant
   */
  List<RemoteFile> pipeline(JsonNode index) {
    Set<RemoteFile> files = new LinkedHashSet<>();
    listing.find(INDEX).ifPresent(files::add);
    for (Map.Entry<String, JsonNode> entry : index.properties()) {
      if (entry.getValue().path(1).isTextual()) {
        files.addAll(component(entry.getKey()));
      }
    }
    checkVariant(files);
    return List.copyOf(files);
  }

  /** The files of a repository that is one component, such as a VAE or a ControlNet. */
  List<RemoteFile> single() {
    List<RemoteFile> files = component("");
    checkVariant(files);
    return files;
  }

  private void checkVariant(Collection<RemoteFile> files) {
    variant.ifPresent(
        name -> {
          List<RemoteFile> all = List.copyOf(files);
          if (matching(all, variant(name)).isEmpty() && matching(all, legacy(name)).isEmpty()) {
            throw HubException.refused(
                "%s: no component has weights of variant %s; pull it without --variant"
                    .formatted(listing.id(), name));
          }
        });
  }

  private List<RemoteFile> component(String folder) {
    List<RemoteFile> all =
        listing.files().stream().filter(file -> file.folder().equals(folder)).toList();
    boolean weighty = all.stream().anyMatch(file -> WEIGHTS.matcher(file.name()).matches());
    if (!weighty) {
      return all;
    }
    List<RemoteFile> files = new ArrayList<>(weights(folder, all));
    all.stream().filter(file -> file.name().equals(CONFIG)).forEach(files::add);
    return files;
  }

  private List<RemoteFile> weights(String folder, List<RemoteFile> all) {
    List<RemoteFile> chosen =
        variant
            .map(name -> matching(all, variant(name)))
            .filter(files -> !files.isEmpty())
            .or(() -> variant.map(name -> matching(all, legacy(name))))
            .filter(files -> !files.isEmpty())
            .orElseGet(() -> matching(all, PLAIN));
    if (chosen.stream().noneMatch(file -> file.name().endsWith(".safetensors"))) {
      throw HubException.refused(
          "%s: %s has no %s safetensors; it has %s"
              .formatted(
                  listing.id(),
                  folder.isEmpty() ? "it" : folder,
                  variant.map(name -> name + " or full-precision").orElse("full-precision"),
                  weightNames(all)));
    }
    return chosen;
  }

  private static Set<String> weightNames(List<RemoteFile> all) {
    Set<String> names = new TreeSet<>();
    all.stream()
        .map(RemoteFile::name)
        .filter(name -> WEIGHTS.matcher(name).matches())
        .forEach(names::add);
    return names;
  }

  private static List<RemoteFile> matching(List<RemoteFile> files, Pattern names) {
    return files.stream().filter(file -> names.matcher(file.name()).matches()).toList();
  }

  /** {@code model.fp16.safetensors}, {@code model.fp16-00001-of-00002.safetensors}, its index. */
  private static Pattern variant(String name) {
    return pattern(
        "%1$s\\.%3$s(%2$s)?\\.safetensors|%1$s\\.safetensors\\.index\\.%3$s\\.json", name);
  }

  /** {@code model-00001-of-00002.fp16.safetensors}, as it was called once, and its index. */
  private static Pattern legacy(String name) {
    return pattern("%1$s%2$s\\.%3$s\\.safetensors|%1$s\\.safetensors\\.%3$s\\.index\\.json", name);
  }

  private static Pattern pattern(String form, String variant) {
    return Pattern.compile(form.formatted(STEM, SHARD, Pattern.quote(variant)));
  }

  /** The safetensors beside no config.json: whole models in one file, or LoRAs. */
  List<RemoteFile> singleFiles() {
    return listing.files().stream()
        .filter(file -> file.folder().isEmpty() && file.name().endsWith(".safetensors"))
        .toList();
  }
}

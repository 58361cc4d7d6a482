package farm.darkroom.sdxl.lora;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.StoredNumbers;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** A memory-mapped LoRA file, with its tensors grouped by layer. Thread-safe. */
final class LoraFile {
  private static final Map<String, String> OTHERS =
      Map.of(
          "lora_mid", "LoRA with a Tucker decomposition (LyCORIS)",
          "hada_w", "LoHa",
          "lokr_w", "LoKr",
          "oft_", "OFT");

  private static final String KOHYA_DORA = "dora_scale";

  private final SafetensorsFile file;
  private final Map<LayerName, Layer> layers = new LinkedHashMap<>();
  private final List<String> unknown = new ArrayList<>();
  private boolean plainOfDora;

  private LoraFile(SafetensorsFile file) {
    this.file = file;
  }

  /**
   * Maps a file.
   *
   * @param layersPerBlock of the UNet that it is for
   * @throws SdxlException for another kind of network, or none
   */
  static LoraFile open(Path path, int layersPerBlock) {
    LoraFile file = new LoraFile(SafetensorsFile.open(path));
    file.read(new KohyaNaming(new LdmBlocks(layersPerBlock)));
    return file;
  }

  private void read(KohyaNaming kohya) {
    refuseOthers();
    boolean both = hasDiffusersBlocks();
    for (StoredTensor tensor : file.tensors().values()) {
      if (both && LdmBlocks.has(tensor.name())) {
        continue; // as in diffusers, original blocks count for nothing beside diffusers' own
      }
      if (tensor.name().contains(KOHYA_DORA)) {
        plainOfDora = true;
        continue; // as in diffusers, which takes the rest for plain LoRA
      }
      kohya
          .read(tensor.name())
          .or(() -> DiffusersNaming.read(tensor.name()))
          .ifPresentOrElse(name -> add(name, tensor), () -> unknown.add(tensor.name()));
    }
  }

  private void refuseOthers() {
    for (String tensor : file.tensors().keySet()) {
      OTHERS.forEach(
          (mark, kind) -> {
            if (tensor.contains(mark)) {
              throw new SdxlException(
                  "%s is %s (%s); plain LoRA, and DoRA in PEFT's names, can be merged"
                      .formatted(path(), kind, tensor));
            }
          });
    }
    if (file.tensors().isEmpty()) {
      throw new SdxlException(path() + ": no tensors, so no LoRA");
    }
  }

  private boolean hasDiffusersBlocks() {
    return file.tensors().keySet().stream()
        .anyMatch(
            name -> Stream.of("down_blocks", "mid_block", "up_blocks").anyMatch(name::contains));
  }

  private void add(PartName name, StoredTensor tensor) {
    Layer layer = layers.computeIfAbsent(name.layer(), key -> new Layer(key, name.kohya()));
    if (layer.parts().putIfAbsent(name.part(), tensor) != null) {
      throw new SdxlException(
          "%s: %s and %s are the same weight"
              .formatted(path(), layer.parts().get(name.part()).name(), tensor.name()));
    }
  }

  Path path() {
    return file.file();
  }

  Collection<Layer> layers() {
    return layers.values();
  }

  /** Whether it is DoRA in kohya's names, of which only the LoRA is read. */
  boolean isPlainOfDora() {
    return plainOfDora;
  }

  /** Tensors with unknown names. */
  List<String> unknown() {
    return unknown;
  }

  /** Whether some layers have kohya's names and others have not. */
  boolean isMixed() {
    return layers().stream().map(Layer::kohya).distinct().count() > 1;
  }

  /** The name of the first tensor of a component in diffusers' or PEFT's names; may be empty. */
  String first(String component) {
    return file.tensors().keySet().stream()
        .filter(name -> name.startsWith(component + "."))
        .findFirst()
        .orElse("");
  }

  /** A layer's alpha, where its file has one. */
  OptionalDouble alpha(Layer layer) {
    return layer
        .find(Part.ALPHA)
        .map(alpha -> OptionalDouble.of(StoredNumbers.first(alpha, bytes(alpha))))
        .orElse(OptionalDouble.empty());
  }

  /** PEFT's metadata of the network; empty if there is none. */
  Optional<String> adapterMetadata() {
    return Optional.ofNullable(file.metadata().get("lora_adapter_metadata"));
  }

  ByteBuffer bytes(StoredTensor tensor) {
    return file.bytes(tensor);
  }
}

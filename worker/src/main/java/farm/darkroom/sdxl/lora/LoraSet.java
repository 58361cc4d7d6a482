package farm.darkroom.sdxl.lora;

import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightPatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The networks that are merged into one model. A weight becomes {@code W + s1 (up1 down1) + s2 (up2
 * down2) + ...}, summed in float32 in the order in which the networks are named, before it is cast.
 * A DoRA's turn scales the rows of what is there then, as PEFT does; without any, another order
 * changes last bits only. Thread-safe.
 */
public final class LoraSet {
  private static final int SDXL_LAYERS = 2;
  private final Map<String, Map<String, LayerChange>> changes = new HashMap<>();
  private final List<Path> files = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private LoraSet() {}

  /** No network. */
  public static LoraSet none() {
    return new LoraSet();
  }

  /**
   * Maps the files and checks each of their tensors against the model.
   *
   * @param components that the model has, the UNet and text encoders among them
   * @throws farm.darkroom.sdxl.SdxlException naming file, tensors, found and expected
   */
  public static LoraSet open(List<LoraNetwork> loras, List<Component> components) {
    LoraSet set = new LoraSet();
    if (!loras.isEmpty()) {
      Targets targets = Targets.of(components);
      for (LoraNetwork lora : loras) {
        LoraFile file = LoraFile.open(lora.file(), layersPerBlock(components));
        LoraMerge merging = LoraMerge.of(file, targets, lora.weight());
        merging.deltas().forEach(set::add);
        set.files.add(lora.file());
        set.warnings.addAll(merging.warnings());
      }
    }
    return set;
  }

  private static int layersPerBlock(List<Component> components) {
    return components.stream()
        .filter(component -> component.name().equals(LayerName.UNET))
        .mapToInt(unet -> unet.config().path("layers_per_block").asInt(SDXL_LAYERS))
        .findFirst()
        .orElse(SDXL_LAYERS);
  }

  private void add(TargetWeight target, Delta delta) {
    changes
        .computeIfAbsent(target.component(), name -> new HashMap<>())
        .computeIfAbsent(target.weight().name(), name -> new LayerChange(target, new ArrayList<>()))
        .deltas()
        .add(delta);
  }

  /** The networks' files, in their order. */
  public List<Path> files() {
    return List.copyOf(files);
  }

  /** Warnings about the files, one line each. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Merges the networks into the weights of one component. */
  public WeightPatch patch(String component, Kernels kernels) {
    Map<String, LayerChange> own = changes.getOrDefault(component, Map.of());
    return own.isEmpty() ? WeightPatch.NONE : LoraPatch.of(kernels, own.values());
  }
}

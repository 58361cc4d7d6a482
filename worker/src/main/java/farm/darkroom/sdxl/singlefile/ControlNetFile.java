package farm.darkroom.sdxl.singlefile;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.TensorView;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A ControlNet in one file (diffusers' {@code ControlNetModel.from_single_file}), in diffusers'
 * names or in LDM's.
 */
public final class ControlNetFile {
  private static final String LDM = "control_model.";
  private static final String MARK = "controlnet_cond_embedding.conv_in.weight";
  private static final String LDM_MARK = ControlNetNames.HINT + "0.weight";
  private static final String LORA = "lora_controlnet";
  private static final String SIZES = "add_embedding.linear_1.weight";

  private ControlNetFile() {}

  /**
   * Opens a file; weights are mapped, nothing is read yet.
   *
   * @throws SdxlException naming the file when it is no ControlNet for SDXL
   */
  public static Component open(Path file) {
    SafetensorsFile tensors = SafetensorsFile.open(file);
    if (tensors.tensors().containsKey(LORA)) {
      throw new SdxlException(file + ": a Control-LoRA, which is not read; a ControlNet is whole");
    }
    Tensors net = named(tensors);
    if (!net.has(SIZES)) {
      throw new SdxlException("%s: no ControlNet for SDXL: no %s".formatted(file, SIZES));
    }
    Overrides overrides = Overrides.beside(file);
    JsonNode config = overrides.over(Component.CONTROLNET, new ControlNetConfigJson(net).of());
    Checkpoint checkpoint = Checkpoint.renamed(Component.CONTROLNET, file, net.all());
    return new Component(Component.CONTROLNET, overrides.file(), config, checkpoint);
  }

  /** Whether a file is one, as far as its tensors' names say. */
  public static boolean isOne(Path file) {
    Set<String> names = SingleFile.names(file);
    return Stream.of(MARK, LDM_MARK, LDM + LDM_MARK).anyMatch(names::contains);
  }

  /** The file's tensors under diffusers' names. */
  private static Tensors named(SafetensorsFile file) {
    Tensors all = Tensors.under(file, "");
    if (all.has(MARK)) {
      return all;
    }
    Tensors ldm = Tensors.under(file, all.has(LDM_MARK) ? "" : LDM);
    if (!ldm.has(LDM_MARK)) {
      throw new SdxlException(
          "%s: no ControlNet: neither %s nor %s%s".formatted(file.file(), MARK, LDM, LDM_MARK));
    }
    return renamed(all, ldm.prefix(), ControlNetNames.of(ldm)::of);
  }

  /** What is outside of the prefix keeps its name, so that a check names it. */
  private static Tensors renamed(Tensors all, String prefix, UnaryOperator<String> names) {
    Map<String, TensorView> views = new LinkedHashMap<>();
    for (TensorView view : all.all()) {
      String stored = view.tensor().name();
      String name =
          stored.startsWith(prefix) ? names.apply(stored.substring(prefix.length())) : stored;
      if (views.put(name, view.named(name)) != null) {
        throw new SdxlException("%s: %s is there twice".formatted(all.file().file(), name));
      }
    }
    return new Tensors(all.file(), "", views);
  }
}

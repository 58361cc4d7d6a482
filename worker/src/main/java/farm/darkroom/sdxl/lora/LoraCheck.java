package farm.darkroom.sdxl.lora;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.StoredTensor;
import farm.darkroom.sdxl.weights.StoredType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks a LoRA file by itself, without the model that it is for. */
public final class LoraCheck {
  private static final int SDXL_LAYERS = 2;

  private LoraCheck() {}

  /** Whether any tensor of the file has the name of a LoRA weight. */
  public static boolean isOne(Path file) {
    KohyaNaming kohya = new KohyaNaming(new LdmBlocks(SDXL_LAYERS));
    try {
      return SafetensorsFile.list(file).keySet().stream()
          .anyMatch(name -> kohya.read(name).isPresent() || DiffusersNaming.read(name).isPresent());
    } catch (SdxlException e) {
      return false;
    }
  }

  /** What is wrong with the file, whichever model it is for; empty when nothing is. */
  public static List<String> problems(Path path) {
    try {
      LoraFile file = LoraFile.open(path, SDXL_LAYERS);
      List<String> problems = new ArrayList<>();
      file.unknown().forEach(name -> problems.add(name + " is no name of a LoRA weight"));
      file.layers()
          .forEach(layer -> LayerCheck.complaint(layer, fitting(layer)).ifPresent(problems::add));
      return problems.stream().map(problem -> path + ": " + problem).toList();
    } catch (SdxlException e) {
      return List.of(e.getMessage());
    }
  }

  /** A weight that the layer would fit, by the outer sides of its own tensors. */
  private static StoredTensor fitting(Layer layer) {
    List<Long> shape = new ArrayList<>();
    shape.add(sides(layer.find(Part.UP)).stream().findFirst().orElse(0L));
    shape.addAll(sides(layer.find(Part.DOWN)).stream().skip(1).toList());
    return new StoredTensor(layer.name().path(), StoredType.F32, shape, 0, 0);
  }

  private static List<Long> sides(Optional<StoredTensor> tensor) {
    return tensor.map(StoredTensor::shape).orElse(List.of());
  }
}

package farm.darkroom.sdxl.singlefile;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.StoredTensor;
import farm.darkroom.sdxl.weights.TensorView;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The tensors of a file whose names begin with a prefix, under their names without it.
 *
 * @param prefix such as {@code model.diffusion_model.}
 */
record Tensors(SafetensorsFile file, String prefix, Map<String, TensorView> views) {

  static Tensors under(SafetensorsFile file, String prefix) {
    Map<String, TensorView> views = new LinkedHashMap<>();
    for (StoredTensor tensor : file.tensors().values()) {
      if (tensor.name().startsWith(prefix)) {
        String name = tensor.name().substring(prefix.length());
        views.put(name, new TensorView(tensor, file).named(name));
      }
    }
    return new Tensors(file, prefix, views);
  }

  /** The same tensors, each as it becomes. */
  Tensors with(UnaryOperator<TensorView> change) {
    Map<String, TensorView> changed = new LinkedHashMap<>();
    for (TensorView view : all()) {
      TensorView other = change.apply(view);
      changed.put(other.tensor().name(), other);
    }
    return new Tensors(file, prefix, changed);
  }

  boolean isEmpty() {
    return views.isEmpty();
  }

  boolean has(String name) {
    return views.containsKey(name);
  }

  Collection<TensorView> all() {
    return views.values();
  }

  /**
   * A size of a tensor's shape.
   *
   * @throws SdxlException naming the tensor when it is missing or has fewer dimensions
   */
  int size(String name, int dimension) {
    List<Long> shape = shape(name);
    if (shape.size() <= dimension) {
      throw new SdxlException(
          "%s: %s%s is %s, expected %d dimensions or more"
              .formatted(file.file(), prefix, name, shape, dimension + 1));
    }
    return Math.toIntExact(shape.get(dimension));
  }

  List<Long> shape(String name) {
    TensorView view = views.get(name);
    if (view == null) {
      throw new SdxlException("%s: %s%s is missing".formatted(file.file(), prefix, name));
    }
    return view.tensor().shape();
  }

  /** How many there are of {@code before0after, before1after, ...}. */
  int count(String before, String after) {
    int count = 0;
    while (has(before + count + after)) {
      count++;
    }
    return count;
  }
}

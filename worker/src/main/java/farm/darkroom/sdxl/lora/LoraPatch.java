package farm.darkroom.sdxl.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightPatch;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Applies the LoRA networks of one component to its tensors while they are loaded.
 *
 * @param weights what becomes of layers, by their weights' names in the checkpoint
 * @param biases those of them whose bias changes, by its name; the model may not have it
 */
record LoraPatch(Kernels kernels, Map<String, LayerChange> weights, Map<String, LayerChange> biases)
    implements WeightPatch {

  static LoraPatch of(Kernels kernels, Collection<LayerChange> changes) {
    return new LoraPatch(
        kernels,
        changes.stream()
            .collect(Collectors.toMap(change -> change.target().weight().name(), c -> c)),
        changes.stream()
            .filter(LayerChange::biases)
            .collect(Collectors.toMap(change -> change.target().bias(), c -> c)));
  }

  @Override
  public NDArray patched(String tensor, NDArray stored, NDManager scope) {
    if (weights.containsKey(tensor)) {
      return merged(weights.get(tensor).deltas(), stored, scope);
    }
    return givesBias(tensor) ? biased(biases.get(tensor), stored, scope) : stored;
  }

  @Override
  public boolean changes(String tensor) {
    return weights.containsKey(tensor) || givesBias(tensor);
  }

  @Override
  public boolean givesBias(String tensor) {
    return biases.containsKey(tensor);
  }

  private NDArray merged(List<Delta> deltas, NDArray stored, NDManager scope) {
    return kernels.tensor(
        scope,
        "lora_merged",
        stored,
        all(deltas, delta -> delta.down(scope)),
        all(deltas, delta -> delta.up(scope)),
        all(deltas, delta -> delta.magnitude(scope)),
        scales(deltas));
  }

  /** A DoRA's turn scales the bias too that networks before it added. */
  private NDArray biased(LayerChange change, NDArray stored, NDManager scope) {
    try (NDManager own = scope.newSubManager()) {
      return kernels.tensor(
          scope,
          "lora_biased",
          stored,
          change.lengthens() ? change.target().stored(own) : stored,
          all(change.deltas(), delta -> delta.down(own)),
          all(change.deltas(), delta -> delta.up(own)),
          all(change.deltas(), delta -> delta.magnitude(own)),
          all(change.deltas(), delta -> delta.bias(own)),
          scales(change.deltas()));
    }
  }

  private static List<NDArray> all(List<Delta> deltas, Function<Delta, NDArray> part) {
    return deltas.stream().map(part).toList();
  }

  private static double[] scales(List<Delta> deltas) {
    return deltas.stream().mapToDouble(Delta::scale).toArray();
  }
}

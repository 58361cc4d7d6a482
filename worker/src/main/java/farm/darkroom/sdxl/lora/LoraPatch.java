package farm.darkroom.sdxl.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightPatch;
import java.util.List;
import java.util.Map;

/**
 * The networks of one component on their way into its tensors.
 *
 * @param weights what is added to weights, by their names in the checkpoint
 * @param biases the same for biases, which the model may not have
 */
record LoraPatch(Kernels kernels, Map<String, List<Delta>> weights, Map<String, List<Delta>> biases)
    implements WeightPatch {
  @Override
  public NDArray patched(String tensor, NDArray stored, NDManager scope) {
    if (weights.containsKey(tensor)) {
      return merged(weights.get(tensor), stored, scope);
    }
    return gives(tensor) ? biased(biases.get(tensor), stored, scope) : stored;
  }

  @Override
  public boolean gives(String tensor) {
    return biases.containsKey(tensor);
  }

  private NDArray merged(List<Delta> deltas, NDArray stored, NDManager scope) {
    return kernels.tensor(
        scope,
        "lora_merged",
        stored,
        deltas.stream().map(delta -> delta.down(scope)).toList(),
        deltas.stream().map(delta -> delta.up(scope)).toList(),
        deltas.stream().map(delta -> delta.magnitude(scope)).toList(),
        scales(deltas));
  }

  private NDArray biased(List<Delta> deltas, NDArray stored, NDManager scope) {
    return kernels.tensor(
        scope,
        "lora_biased",
        stored,
        deltas.stream().map(delta -> delta.bias(scope)).toList(),
        scales(deltas));
  }

  private static double[] scales(List<Delta> deltas) {
    return deltas.stream().mapToDouble(Delta::scale).toArray();
  }
}

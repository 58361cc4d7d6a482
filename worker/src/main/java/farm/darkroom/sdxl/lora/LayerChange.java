package farm.darkroom.sdxl.lora;

import java.util.List;

/**
 * The changes that LoRA networks make to one layer.
 *
 * @param deltas in the order of the networks
 */
record LayerChange(TargetWeight target, List<Delta> deltas) {
  /** Whether any of them adds to the layer's bias. */
  boolean biases() {
    return deltas.stream().anyMatch(delta -> delta.bias().isPresent());
  }

  /** Whether any of them sets the lengths of the weight's rows. */
  boolean lengthens() {
    return deltas.stream().anyMatch(delta -> delta.magnitude().isPresent());
  }
}

package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightSpec;
import java.util.List;
import java.util.Map;

/**
 * The names of attention layers in older VAE files (diffusers renames them on load: {@code
 * _fix_state_dict_keys_on_load}).
 */
final class DeprecatedAttention {
  private static final Map<String, String> OLD =
      Map.of("to_q", "query", "to_k", "key", "to_v", "value", "to_out.0", "proj_attn");

  private DeprecatedAttention() {}

  /** The blocks with the names that {@code checkpoint} has. */
  static List<Block> in(Checkpoint checkpoint, List<Block> blocks) {
    return blocks.stream().map(block -> in(checkpoint, block)).toList();
  }

  private static Block in(Checkpoint checkpoint, Block block) {
    WeightGroup group = block.weights();
    List<WeightSpec> weights =
        group.weights().stream().map(weight -> in(checkpoint, weight)).toList();
    return new Block(block.kernel(), new WeightGroup(group.name(), weights), block.argument());
  }

  private static WeightSpec in(Checkpoint checkpoint, WeightSpec weight) {
    int dot = weight.key().lastIndexOf('.');
    String layer = weight.key().substring(0, dot);
    if (!OLD.containsKey(layer)) {
      return weight;
    }
    String block = weight.tensor().substring(0, weight.tensor().length() - weight.key().length());
    String old = block + OLD.get(layer) + weight.key().substring(dot);
    return checkpoint.find(old).isEmpty()
        ? weight
        : new WeightSpec(weight.key(), old, weight.shape(), weight.layout());
  }
}

package farm.darkroom.sdxl.singlefile;

import farm.darkroom.sdxl.weights.StoredTensor;
import farm.darkroom.sdxl.weights.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * open_clip's tensors as transformers' (diffusers' {@code convert_open_clip_checkpoint}). Queries,
 * keys and values, which are one matrix there, become three views of its rows; the projection is
 * the only one that has to be copied, because it is transposed.
 */
final class OpenClipNames {
  private static final String PROJECTION = "text_projection";
  private static final String JOINED = "attn.in_proj_";
  private static final String BLOCKS = "transformer.resblocks.";
  private static final Map<String, String> TOP =
      Map.of(
          "positional_embedding", "text_model.embeddings.position_embedding.weight",
          "token_embedding.weight", "text_model.embeddings.token_embedding.weight",
          "ln_final.weight", "text_model.final_layer_norm.weight",
          "ln_final.bias", "text_model.final_layer_norm.bias");
  private static final Map<String, String> LAYERS =
      Map.of(
          "ln_1", "layer_norm1",
          "ln_2", "layer_norm2",
          "mlp.c_fc", "mlp.fc1",
          "mlp.c_proj", "mlp.fc2",
          "attn.out_proj", "self_attn.out_proj");

  private OpenClipNames() {}

  /** What becomes of a tensor; nothing of {@code logit_scale}, which only training needs. */
  static List<TensorView> views(TensorView open) {
    String name = open.tensor().name();
    if (name.equals("logit_scale") || name.equals("attn_mask")) {
      return List.of();
    }
    if (name.equals(PROJECTION)) {
      return List.of(Transposed.of(open, "text_projection.weight"));
    }
    if (!name.startsWith(BLOCKS)) {
      return List.of(open.named(TOP.getOrDefault(name, name)));
    }
    String[] parts = name.substring(BLOCKS.length()).split("\\.", 2);
    String layer = "text_model.encoder.layers." + parts[0] + ".";
    if (parts.length < 2) {
      return List.of(open.named(name));
    }
    if (parts[1].startsWith(JOINED)) {
      return split(open, layer + "self_attn.", parts[1].substring(JOINED.length()));
    }
    return List.of(open.named(layer + renamed(parts[1])));
  }

  private static String renamed(String rest) {
    int leaf = rest.lastIndexOf('.');
    String known = leaf < 0 ? null : LAYERS.get(rest.substring(0, leaf));
    return known == null ? rest : known + rest.substring(leaf);
  }

  /**
   * The thirds of {@code in_proj_weight [3 * width, width]} or {@code in_proj_bias [3 * width]}.
   */
  private static List<TensorView> split(TensorView open, String attention, String kind) {
    StoredTensor all = open.tensor();
    List<Long> shape = new ArrayList<>(all.shape());
    shape.set(0, all.shape().get(0) / 3);
    List<TensorView> thirds = new ArrayList<>();
    for (String part : List.of("q_proj.", "k_proj.", "v_proj.")) {
      long begin = all.begin() + thirds.size() * (all.bytes() / 3);
      StoredTensor third =
          new StoredTensor(attention + part + kind, all.type(), shape, begin, all.bytes() / 3);
      thirds.add(new TensorView(third, open.source()));
    }
    return thirds;
  }
}

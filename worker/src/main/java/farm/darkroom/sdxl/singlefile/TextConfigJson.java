package farm.darkroom.sdxl.singlefile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.weights.StoredTensor;
import farm.darkroom.sdxl.weights.TensorView;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A CLIP text model's config.json from its tensors, under transformers' names. What shapes do not
 * show is SDXL's: heads of 64 features, and the end token is the highest id.
 */
final class TextConfigJson {
  private static final int HEAD = 64;
  private static final int HIGHEST_ID = 2;

  private TextConfigJson() {}

  /**
   * @param activation {@code quick_gelu} of OpenAI's, {@code gelu} of open_clip's
   */
  static ObjectNode of(List<TensorView> views, String activation) {
    Map<String, StoredTensor> tensors =
        views.stream()
            .map(TensorView::tensor)
            .collect(Collectors.toMap(StoredTensor::name, Function.identity(), (a, b) -> a));
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    size(json, "vocab_size", tensors, "text_model.embeddings.token_embedding.weight", 0);
    size(json, "hidden_size", tensors, "text_model.embeddings.token_embedding.weight", 1);
    size(
        json,
        "max_position_embeddings",
        tensors,
        "text_model.embeddings.position_embedding.weight",
        0);
    size(json, "intermediate_size", tensors, "text_model.encoder.layers.0.mlp.fc1.weight", 0);
    size(json, "projection_dim", tensors, "text_projection.weight", 0);
    int layers = 0;
    while (tensors.containsKey("text_model.encoder.layers." + layers + ".layer_norm1.weight")) {
      layers++;
    }
    json.put("num_hidden_layers", layers);
    json.put("num_attention_heads", Math.max(1, json.path("hidden_size").asInt(HEAD) / HEAD));
    json.put("hidden_act", activation);
    json.put("eos_token_id", HIGHEST_ID);
    return json;
  }

  /** A tensor that is missing is named when the model is checked. */
  private static void size(
      ObjectNode json,
      String key,
      Map<String, StoredTensor> tensors,
      String tensor,
      int dimension) {
    StoredTensor found = tensors.get(tensor);
    if (found != null && found.shape().size() > dimension) {
      json.put(key, found.shape().get(dimension).intValue());
    }
  }
}

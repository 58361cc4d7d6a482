package farm.darkroom.sdxl.singlefile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.weights.StoredTensor;
import farm.darkroom.sdxl.weights.TensorView;
import java.util.List;
import java.util.Optional;

/**
 * A ControlNet's config.json from its tensors, which have diffusers' names. What shapes do not show
 * is SDXL's.
 */
record ControlNetConfigJson(Tensors net) {
  private static final int HEAD = 64;
  private static final int CROSS_ATTENTION = 2048;
  private static final int TIME_EMBEDDING = 256;
  private static final String EMBEDDING = "controlnet_cond_embedding.";

  ObjectNode of() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("_class_name", "ControlNetModel");
    json.put("addition_embed_type", "text_time");
    json.put("addition_time_embed_dim", TIME_EMBEDDING);
    json.put("projection_class_embeddings_input_dim", net.size("add_embedding.linear_1.weight", 1));
    json.put("in_channels", net.size("conv_in.weight", 1));
    json.put("norm_num_groups", 32);
    blocks(json);
    attention(json);
    json.put("conditioning_channels", net.size(EMBEDDING + "conv_in.weight", 1));
    ArrayNode widths = json.putArray("conditioning_embedding_out_channels");
    widths.add(net.size(EMBEDDING + "conv_in.weight", 0));
    for (int i = 1; net.has(EMBEDDING + "blocks." + i + ".weight"); i += 2) {
      widths.add(net.size(EMBEDDING + "blocks." + i + ".weight", 0));
    }
    return json;
  }

  private void blocks(ObjectNode json) {
    ArrayNode channels = json.putArray("block_out_channels");
    ArrayNode resnets = json.putArray("layers_per_block");
    ArrayNode heads = json.putArray("attention_head_dim");
    ArrayNode types = json.putArray("down_block_types");
    ArrayNode depths = json.putArray("transformer_layers_per_block");
    int count = net.count("down_blocks.", ".resnets.0.conv1.weight");
    for (int i = 0; i < count; i++) {
      String block = "down_blocks." + i + ".";
      int width = net.size(block + "resnets.0.conv1.weight", 0);
      channels.add(width);
      resnets.add(net.count(block + "resnets.", ".conv1.weight"));
      heads.add(Math.max(1, width / HEAD));
      boolean attended = net.has(block + "attentions.0.norm.weight");
      types.add(attended ? "CrossAttnDownBlock2D" : "DownBlock2D");
      depths.add(depth(attended ? block : "mid_block."));
    }
  }

  /** Nets without a layer of attention leave projections alone, or nothing. */
  private int depth(String block) {
    return net.count(block + "attentions.0.transformer_blocks.", ".norm1.weight");
  }

  private void attention(ObjectNode json) {
    if (net.has("mid_block.attentions.0.norm.weight")) {
      json.put("mid_block_type", "UNetMidBlock2DCrossAttn");
    } else if (net.has("mid_block.resnets.0.conv1.weight")) {
      json.put("mid_block_type", "UNetMidBlock2D");
    } else {
      json.putNull("mid_block_type");
    }
    json.put("cross_attention_dim", textFeatures());
    json.put("use_linear_projection", anyShape(".proj_in.weight").orElse(List.of()).size() != 4);
  }

  private int textFeatures() {
    return anyShape(".attn2.to_k.weight")
        .filter(shape -> shape.size() == 2)
        .map(shape -> Math.toIntExact(shape.get(1)))
        .orElse(CROSS_ATTENTION);
  }

  private Optional<List<Long>> anyShape(String ending) {
    return net.all().stream()
        .map(TensorView::tensor)
        .filter(tensor -> tensor.name().endsWith(ending))
        .map(StoredTensor::shape)
        .findFirst();
  }
}

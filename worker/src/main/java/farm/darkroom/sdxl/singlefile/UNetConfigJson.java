package farm.darkroom.sdxl.singlefile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import java.util.List;

/**
 * A UNet's config.json from its tensors. What shapes do not show is SDXL's: heads of 64 features,
 * groups of 32, latents of 128 x 128.
 */
record UNetConfigJson(Tensors unet, UNetBlocks blocks) {
  private static final int HEAD = 64;
  private static final int TIME_EMBEDDING = 256;

  /**
   * @param pooled width of the pooled text
   * @param timeIds sizes, crops and the like: 6 of a base, 5 of a refiner
   */
  ObjectNode of(int pooled, int timeIds) {
    int added = unet.size("label_emb.0.0.weight", 1);
    int rest = added - pooled;
    ObjectNode json = topology();
    json.put("addition_embed_type", "text_time");
    json.put(
        "addition_time_embed_dim",
        rest > 0 && rest % timeIds == 0 ? rest / timeIds : TIME_EMBEDDING);
    json.put("projection_class_embeddings_input_dim", added);
    json.put("in_channels", unet.size("input_blocks.0.0.weight", 1));
    json.put("out_channels", unet.size("out.2.weight", 0));
    json.put("norm_num_groups", 32);
    json.put("sample_size", 128);
    return json;
  }

  private ObjectNode topology() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("_class_name", "UNet2DConditionModel");
    ArrayNode channels = json.putArray("block_out_channels");
    ArrayNode resnets = json.putArray("layers_per_block");
    ArrayNode heads = json.putArray("attention_head_dim");
    for (UNetBlocks.Level level : blocks.down()) {
      channels.add(level.channels());
      resnets.add(level.depths().size());
      heads.add(Math.max(1, level.channels() / HEAD));
    }
    types(json.putArray("down_block_types"), blocks.down(), "CrossAttnDownBlock2D", "DownBlock2D");
    types(json.putArray("up_block_types"), blocks.up(), "CrossAttnUpBlock2D", "UpBlock2D");
    depths(json.putArray("transformer_layers_per_block"), blocks.down());
    depths(json.putArray("reverse_transformer_layers_per_block"), blocks.up());
    middle(json);
    String attention = firstAttention();
    json.put("cross_attention_dim", crossAttentionDim(attention));
    json.put("use_linear_projection", unet.shape(attention + "proj_in.weight").size() == 2);
    return json;
  }

  private static void types(
      ArrayNode types, List<UNetBlocks.Level> levels, String with, String without) {
    levels.forEach(level -> types.add(level.hasAttention() ? with : without));
  }

  /** The last block's number is the middle's too. */
  private void depths(ArrayNode depths, List<UNetBlocks.Level> levels) {
    for (UNetBlocks.Level level : levels) {
      if (!level.hasAttention()) {
        depths.add(Math.max(1, blocks.middleDepth()));
      } else if (level.depths().stream().distinct().count() == 1) {
        depths.add(level.depths().get(0));
      } else {
        ArrayNode each = depths.addArray();
        level.depths().forEach(each::add);
      }
    }
  }

  private void middle(ObjectNode json) {
    if (blocks.middleDepth() > 0) {
      json.put("mid_block_type", "UNetMidBlock2DCrossAttn");
    } else if (blocks.middleResnets() > 0) {
      json.put("mid_block_type", "UNetMidBlock2D");
    } else {
      json.putNull("mid_block_type");
    }
  }

  private int crossAttentionDim(String attention) {
    return unet.size(attention + "transformer_blocks.0.attn2.to_k.weight", 1);
  }

  private String firstAttention() {
    return blocks.places().entrySet().stream()
        .filter(entry -> entry.getValue().contains(".attentions."))
        .map(entry -> entry.getKey() + ".")
        .filter(block -> unet.has(block + "proj_in.weight"))
        .findFirst()
        .orElseThrow(
            () ->
                new SdxlException(
                    "%s: %s* has no attention to text, so it is no SDXL UNet"
                        .formatted(unet.file().file(), unet.prefix())));
  }
}

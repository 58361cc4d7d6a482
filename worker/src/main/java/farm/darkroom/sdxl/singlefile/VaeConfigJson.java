package farm.darkroom.sdxl.singlefile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.weights.StoredNumbers;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.util.List;

/**
 * An AutoencoderKL's config.json from its tensors, under diffusers' names. What shapes do not show
 * is SDXL's: groups of 32, its scaling factor, float32 where the UNet runs in float16.
 */
record VaeConfigJson(Tensors vae) {
  private static final double SCALING_FACTOR = 0.13025;
  private static final double EDM_SCALING_FACTOR = 0.5;

  ObjectNode of() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("_class_name", "AutoencoderKL");
    putBlocks(json);
    json.put("layers_per_block", vae.count("encoder.down_blocks.0.resnets.", ".norm1.weight"));
    json.put("in_channels", vae.size("encoder.conv_in.weight", 1));
    json.put("out_channels", vae.size("decoder.conv_out.weight", 0));
    json.put("latent_channels", vae.size("decoder.conv_in.weight", 1));
    json.put(
        "mid_block_add_attention", vae.has("encoder.mid_block.attentions.0.group_norm.weight"));
    json.put("use_quant_conv", vae.has("quant_conv.weight"));
    json.put("use_post_quant_conv", vae.has("post_quant_conv.weight"));
    json.put("norm_num_groups", 32);
    json.put("sample_size", 1024);
    putLatentScale(json);
    json.put("force_upcast", true);
    return json;
  }

  private void putBlocks(ObjectNode json) {
    ArrayNode channels = json.putArray("block_out_channels");
    ArrayNode down = json.putArray("down_block_types");
    ArrayNode up = json.putArray("up_block_types");
    int levels = vae.count("encoder.down_blocks.", ".resnets.0.norm1.weight");
    for (int i = 0; i < levels; i++) {
      channels.add(vae.size("encoder.down_blocks.%d.resnets.0.conv1.weight".formatted(i), 0));
      down.add("DownEncoderBlock2D");
      up.add("UpDecoderBlock2D");
    }
  }

  /** EDM models such as Playground v2.5 carry the mean and deviation of their latents. */
  private void putLatentScale(ObjectNode json) {
    StoredTensor mean = vae.file().tensors().get(Defaults.EDM_MEAN);
    StoredTensor std = vae.file().tensors().get("edm_std");
    if (mean == null || std == null) {
      json.put("scaling_factor", SCALING_FACTOR);
    } else {
      json.put("scaling_factor", EDM_SCALING_FACTOR);
      numbers(mean).forEach(json.putArray("latents_mean")::add);
      numbers(std).forEach(json.putArray("latents_std")::add);
    }
  }

  private List<Double> numbers(StoredTensor tensor) {
    return StoredNumbers.all(tensor, vae.file().bytes(tensor));
  }
}

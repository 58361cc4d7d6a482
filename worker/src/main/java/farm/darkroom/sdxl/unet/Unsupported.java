package farm.darkroom.sdxl.unet;

import farm.darkroom.sdxl.snapshot.ConfigReader;
import java.util.Optional;

/**
 * Refuses config options of diffusers that no model of SDXL's family uses, so that none is silently
 * ignored.
 */
final class Unsupported {
  private Unsupported() {}

  static void refuse(ConfigReader json) {
    if (!json.text("addition_embed_type").equals(Optional.of("text_time"))) {
      throw json.refusal("addition_embed_type", "text_time, which is SDXL's conditioning");
    }
    json.only("act_fn", "silu", "swish");
    json.only("center_input_sample", false);
    json.only("class_embed_type");
    json.only("num_class_embeds");
    json.only("class_embeddings_concat", false);
    json.only("encoder_hid_dim");
    json.only("encoder_hid_dim_type");
    json.only("only_cross_attention", false);
    json.only("mid_block_only_cross_attention", false);
    json.only("cross_attention_norm");
    json.only("dual_cross_attention", false);
    json.only("attention_type", "default");
    json.only("downsample_padding", 1);
    json.only("resnet_time_scale_shift", "default");
    json.only("resnet_skip_time_act", false);
    json.only("resnet_out_scale_factor", 1);
    json.only("mid_block_scale_factor", 1);
    json.only("time_embedding_type", "positional");
    json.only("time_embedding_act_fn");
    json.only("timestep_post_act");
  }
}

package farm.darkroom.sdxl.singlefile;

import java.util.Arrays;
import java.util.Map;

/**
 * LDM's names of a UNet's tensors to diffusers' (its {@code convert_ldm_unet_checkpoint}). A name
 * that has no counterpart stays, so that a check names it.
 */
record UNetNames(UNetBlocks blocks) {
  private static final Map<String, String> LAYERS =
      Map.of(
          "time_embed.0", "time_embedding.linear_1",
          "time_embed.2", "time_embedding.linear_2",
          "label_emb.0.0", "add_embedding.linear_1",
          "label_emb.0.2", "add_embedding.linear_2",
          "input_blocks.0.0", "conv_in",
          "out.0", "conv_norm_out",
          "out.2", "conv_out");
  private static final Map<String, String> IN_BLOCK =
      Map.of(
          "in_layers.0", "norm1",
          "in_layers.2", "conv1",
          "out_layers.0", "norm2",
          "out_layers.3", "conv2",
          "emb_layers.1", "time_emb_proj",
          "skip_connection", "conv_shortcut",
          "op", "conv");

  String of(String ldm) {
    int leaf = ldm.lastIndexOf('.');
    if (leaf > 0 && LAYERS.containsKey(ldm.substring(0, leaf))) {
      return LAYERS.get(ldm.substring(0, leaf)) + ldm.substring(leaf);
    }
    int levels = ldm.startsWith("middle_block.") ? 2 : 3;
    String[] parts = ldm.split("\\.", levels + 1);
    String block = String.join(".", Arrays.copyOf(parts, Math.min(levels, parts.length)));
    String place = blocks.places().get(block);
    return place == null || parts.length <= levels ? ldm : place + "." + layer(parts[levels]);
  }

  /** In attention blocks, names are the same. */
  private static String layer(String rest) {
    int leaf = rest.lastIndexOf('.');
    String renamed = leaf < 0 ? null : IN_BLOCK.get(rest.substring(0, leaf));
    return renamed == null ? rest : renamed + rest.substring(leaf);
  }
}

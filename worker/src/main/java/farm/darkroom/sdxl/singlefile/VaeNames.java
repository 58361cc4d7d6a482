package farm.darkroom.sdxl.singlefile;

import farm.darkroom.sdxl.weights.StoredTensor;
import farm.darkroom.sdxl.weights.TensorView;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * LDM's names of a VAE's tensors to diffusers' (its {@code convert_ldm_vae_checkpoint}).
 *
 * @param levels of the decoder, which LDM counts from the other end
 */
record VaeNames(int levels) {
  private static final Pattern BLOCK =
      Pattern.compile("(encoder\\.down|decoder\\.up)\\.(\\d{1,3})\\.(.*)");
  private static final Pattern ATTENTION = Pattern.compile("(.*\\.mid)\\.attn_1\\.(\\w+)\\.(\\w+)");
  private static final Map<String, String> ATTENTION_LAYERS =
      Map.of("norm", "group_norm", "q", "to_q", "k", "to_k", "v", "to_v", "proj_out", "to_out.0");

  /** For a VAE under LDM's names. */
  static VaeNames of(Tensors ldm) {
    return new VaeNames(ldm.count("encoder.down.", ".block.0.norm1.weight"));
  }

  String of(String ldm) {
    Matcher attention = ATTENTION.matcher(ldm);
    if (attention.matches() && ATTENTION_LAYERS.containsKey(attention.group(2))) {
      return attention.group(1)
          + "_block.attentions.0."
          + ATTENTION_LAYERS.get(attention.group(2))
          + "."
          + attention.group(3);
    }
    Matcher block = BLOCK.matcher(ldm);
    String name = block.matches() ? block(block) : ldm;
    return name.replace(".mid.block_1.", ".mid_block.resnets.0.")
        .replace(".mid.block_2.", ".mid_block.resnets.1.")
        .replace("coder.norm_out.", "coder.conv_norm_out.")
        .replace(".nin_shortcut.", ".conv_shortcut.");
  }

  private String block(Matcher block) {
    int number = Integer.parseInt(block.group(2));
    boolean down = block.group(1).equals("encoder.down");
    String rest =
        block
            .group(3)
            .replaceFirst("^block\\.", "resnets.")
            .replaceFirst("^downsample\\.", "downsamplers.0.")
            .replaceFirst("^upsample\\.", "upsamplers.0.");
    return "%s_blocks.%d.%s".formatted(block.group(1), down ? number : levels - 1 - number, rest);
  }

  /** LDM's attention layers are convolutions of 1 x 1, diffusers' are linear: the same bytes. */
  TensorView view(TensorView ldm) {
    TensorView named = ldm.named(of(ldm.tensor().name()));
    StoredTensor tensor = named.tensor();
    List<Long> shape = tensor.shape();
    boolean convolution = shape.size() == 4 && shape.get(2) == 1 && shape.get(3) == 1;
    if (!tensor.name().contains(".attentions.") || !convolution) {
      return named;
    }
    StoredTensor linear =
        new StoredTensor(
            tensor.name(), tensor.type(), shape.subList(0, 2), tensor.begin(), tensor.bytes());
    return new TensorView(linear, named.source());
  }
}

package farm.darkroom.sdxl.lora;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the layers of the original (LDM, sgm) UNet lie in diffusers' one. Paths have underscores
 * for dots (diffusers: {@code _maybe_map_sgm_blocks_to_diffusers} and {@code
 * _convert_unet_lora_key}).
 *
 * @param layersPerBlock of the UNet, 2 in SDXL
 */
record LdmBlocks(int layersPerBlock) {
  private static final Pattern BLOCK =
      Pattern.compile("(input_blocks|middle_block|output_blocks)_(\\d+)_(?:(\\d+)_)?(.+)");
  private static final List<String> ORDER =
      List.of("input_blocks", "middle_block", "output_blocks");
  private static final Pattern PLACE =
      Pattern.compile("(" + String.join("|", ORDER) + ")_(\\d{1,3})");
  private static final int MOST_BLOCKS = 1000;
  private static final String CONV_IN = "input_blocks_0_0";
  private static final String[] KINDS = {"resnets", "attentions", "upsamplers"};
  private static final String[] MIDDLE = {"resnets_0", "attentions_0", "resnets_1"};
  private static final Map<String, String> SINGLE =
      Map.of(
          CONV_IN,
          "conv_in",
          "out_2",
          "conv_out",
          "time_embed_0",
          "time_embedding_linear_1",
          "time_embed_2",
          "time_embedding_linear_2",
          "label_emb_0_0",
          "add_embedding_linear_1",
          "label_emb_0_2",
          "add_embedding_linear_2");
  private static final Map<String, String> INNER =
      Map.of(
          "in_layers_2", "conv1",
          "out_layers_3", "conv2",
          "emb_layers_1", "time_emb_proj",
          "skip_connection", "conv_shortcut",
          "op", "conv");

  /** Whether the path lies in a block of the original UNet. */
  static boolean has(String name) {
    return name.contains("input_blocks")
        || name.contains("middle_block")
        || name.contains("output_blocks");
  }

  /**
   * Where diffusers has a tensor after it has renamed those of a file: the original blocks come
   * last, by their numbers.
   */
  static int place(String tensor) {
    Matcher block = PLACE.matcher(tensor);
    if (tensor.contains("text") || tensor.contains(CONV_IN) || !block.find()) {
      return 0;
    }
    return MOST_BLOCKS * ORDER.indexOf(block.group(1)) + Integer.parseInt(block.group(2)) + 1;
  }

  /** The path in diffusers' UNet; a path that is one already, or none at all, stays as it is. */
  String diffusers(String path) {
    if (SINGLE.containsKey(path)) {
      return SINGLE.get(path);
    }
    Matcher matcher = BLOCK.matcher(path);
    if (!matcher.matches()) {
      return path;
    }
    int index = Integer.parseInt(matcher.group(2));
    String layer = INNER.getOrDefault(matcher.group(4), matcher.group(4));
    return switch (matcher.group(1)) {
      case "middle_block" -> middle(path, index, layer, matcher.group(3));
      case "input_blocks" -> side(path, "down_blocks_", index - 1, matcher.group(3), layer);
      default -> side(path, "up_blocks_", index, matcher.group(3), layer);
    };
  }

  private static String middle(String path, int index, String layer, String inner) {
    boolean known = index < MIDDLE.length;
    String rest = inner == null ? layer : inner + "_" + layer;
    return known ? "mid_block_" + MIDDLE[index] + "_" + rest : path;
  }

  private String side(String path, String blocks, int index, String inner, String layer) {
    int kind = inner == null ? KINDS.length : Integer.parseInt(inner);
    if (index < 0 || kind >= KINDS.length) {
      return path;
    }
    int block = index / (layersPerBlock + 1);
    int within = index % (layersPerBlock + 1);
    boolean downsampler = path.endsWith("_op");
    String name = downsampler ? "downsamplers" : KINDS[kind];
    boolean sampler = downsampler || kind == 2;
    return blocks + block + "_" + name + "_" + (sampler ? 0 : within) + "_" + layer;
  }
}

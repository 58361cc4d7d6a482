package farm.darkroom.sdxl.unet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import farm.darkroom.sdxl.snapshot.ConfigReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Resolves the lists of a UNet's config to blocks, as {@code UNet2DConditionModel.__init__} does.
 *
 * @param channels {@code block_out_channels}
 * @param heads per down block. diffusers calls them {@code attention_head_dim}, because of a naming
 *     mistake that it keeps
 */
record BlockReader(
    ConfigReader json, List<Integer> channels, List<Integer> resnets, List<Integer> heads) {
  private static final List<Integer> CHANNELS = List.of(320, 640, 1280, 1280);
  private static final String LAYERS = "transformer_layers_per_block";
  private static final String UP_LAYERS = "reverse_transformer_layers_per_block";

  BlockReader {
    json.layers("layers_per_block", resnets);
  }

  static BlockReader of(ConfigReader json) {
    List<Integer> channels = json.integers("block_out_channels", CHANNELS);
    String heads = json.has("num_attention_heads") ? "num_attention_heads" : "attention_head_dim";
    return new BlockReader(
        json,
        channels,
        json.integers("layers_per_block", channels.size(), 2),
        json.integers(heads, channels.size(), 8));
  }

  private int count() {
    return channels.size();
  }

  List<BlockConfig> down() {
    List<Boolean> attention = attention("down_block_types", "CrossAttnDownBlock2D", "DownBlock2D");
    List<BlockConfig> blocks = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      int n = resnets.get(i);
      List<Integer> layers = attention.get(i) ? layers(LAYERS, i, n) : List.of();
      blocks.add(new BlockConfig(channels.get(i), n, heads.get(i), layers));
    }
    return blocks;
  }

  List<BlockConfig> up() {
    List<Boolean> attention = attention("up_block_types", "CrossAttnUpBlock2D", "UpBlock2D");
    List<BlockConfig> blocks = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      int mirror = count() - 1 - i;
      int n = resnets.get(mirror) + 1;
      List<Integer> layers = attention.get(i) ? upLayers(i, n) : List.of();
      blocks.add(new BlockConfig(channels.get(mirror), n, heads.get(mirror), layers));
    }
    return blocks;
  }

  Optional<BlockConfig> middle() {
    int last = count() - 1;
    if (json.root().has("mid_block_type") && !json.has("mid_block_type")) {
      return Optional.empty();
    }
    String type = json.text("mid_block_type").orElse("UNetMidBlock2DCrossAttn");
    return switch (type) {
      case "UNetMidBlock2DCrossAttn" -> {
        List<Integer> layers = layers(LAYERS, last, 1);
        yield Optional.of(new BlockConfig(channels.get(last), 2, heads.get(last), layers));
      }
      case "UNetMidBlock2D" ->
          Optional.of(new BlockConfig(channels.get(last), 1, heads.get(last), List.of()));
      default ->
          throw json.refusal("mid_block_type", "UNetMidBlock2DCrossAttn, UNetMidBlock2D or null");
    };
  }

  private List<Boolean> attention(String key, String with, String without) {
    List<String> types = json.texts(key, List.of());
    if (types.size() != count() || !List.of(with, without).containsAll(types)) {
      throw json.refusal(key, "a list of " + count() + " of " + with + " and " + without);
    }
    return types.stream().map(with::equals).toList();
  }

  private List<Integer> upLayers(int block, int attentions) {
    return json.has(UP_LAYERS)
        ? layers(UP_LAYERS, block, attentions)
        : layers(LAYERS, count() - 1 - block, attentions);
  }

  /**
   * Layers of each of the {@code attentions} of a block: one number for all, or a list of them. An
   * attention without layers has its projections alone, as in small ControlNets.
   */
  private List<Integer> layers(String key, int block, int attentions) {
    JsonNode whole = json.has(key) ? json.root().get(key) : IntNode.valueOf(1);
    JsonNode entry = whole.isNumber() ? whole : whole.path(block);
    Iterable<JsonNode> numbers = entry.isArray() ? entry : Collections.nCopies(attentions, entry);
    List<Integer> layers = new ArrayList<>();
    for (JsonNode n : numbers) {
      layers.add(n.isInt() ? n.intValue() : -1);
    }
    if (layers.size() < attentions || layers.stream().anyMatch(n -> n < 0)) {
      throw json.refusal(key, "a number from 0, or per block a number or one for each attention");
    }
    return json.layers(key, layers.subList(0, attentions));
  }
}

package farm.darkroom.sdxl.singlefile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The blocks of an LDM UNet, found by walking its numbered {@code input_blocks} and {@code
 * output_blocks}, and what diffusers calls each of them.
 *
 * @param down from the finest level on
 * @param middleDepth transformer layers of the middle; 0 without attention
 * @param middleResnets resnets of the middle
 * @param up from the coarsest level on
 * @param places {@code input_blocks.4.0} to {@code down_blocks.1.resnets.0}, ...
 */
record UNetBlocks(
    List<Level> down,
    int middleDepth,
    int middleResnets,
    List<Level> up,
    Map<String, String> places) {
  private static final String RESNET = ".0.in_layers.0.weight";

  /**
   * A block of diffusers.
   *
   * @param channels that its resnets give
   * @param depths transformer layers after each resnet; all 0 without attention
   */
  record Level(int channels, List<Integer> depths) {
    boolean hasAttention() {
      return depths.stream().anyMatch(depth -> depth > 0);
    }
  }

  static UNetBlocks of(Tensors unet) {
    Map<String, String> places = new LinkedHashMap<>();
    List<Level> down = down(unet, places);
    places.put("middle_block.0", "mid_block.resnets.0");
    places.put("middle_block.1", "mid_block.attentions.0");
    places.put("middle_block.2", "mid_block.resnets.1");
    int middleResnets =
        (int)
            List.of(0, 2).stream()
                .filter(i -> unet.has("middle_block." + i + ".in_layers.0.weight"))
                .count();
    int middleDepth = depth(unet, "middle_block.1");
    return new UNetBlocks(down, middleDepth, middleResnets, up(unet, places), places);
  }

  private static List<Level> down(Tensors unet, Map<String, String> places) {
    List<Level> levels = new ArrayList<>();
    List<Integer> depths = new ArrayList<>();
    int channels = 0;
    for (int i = 1; ; i++) {
      String block = "input_blocks." + i;
      if (unet.has(block + ".0.op.weight")) {
        places.put(block + ".0", "down_blocks." + levels.size() + ".downsamplers.0");
        levels.add(new Level(channels, List.copyOf(depths)));
        depths.clear();
      } else if (unet.has(block + RESNET)) {
        channels = unet.size(block + ".0.out_layers.3.weight", 0);
        depths.add(resnet(unet, block, "down_blocks." + levels.size(), depths.size(), places));
      } else {
        levels.add(new Level(channels, List.copyOf(depths)));
        return levels;
      }
    }
  }

  private static List<Level> up(Tensors unet, Map<String, String> places) {
    List<Level> levels = new ArrayList<>();
    List<Integer> depths = new ArrayList<>();
    int channels = 0;
    for (int i = 0; unet.has("output_blocks." + i + RESNET); i++) {
      String block = "output_blocks." + i;
      String place = "up_blocks." + levels.size();
      channels = unet.size(block + ".0.out_layers.3.weight", 0);
      depths.add(resnet(unet, block, place, depths.size(), places));
      int last = unet.has(block + ".2.conv.weight") ? 2 : 1;
      if (unet.has(block + "." + last + ".conv.weight")) {
        places.put(block + "." + last, place + ".upsamplers.0");
        levels.add(new Level(channels, List.copyOf(depths)));
        depths.clear();
      }
    }
    levels.add(new Level(channels, List.copyOf(depths)));
    return levels;
  }

  /** Places a resnet and its attention; gives the layers of the attention. */
  private static int resnet(
      Tensors unet, String block, String place, int index, Map<String, String> places) {
    places.put(block + ".0", place + ".resnets." + index);
    int depth = depth(unet, block + ".1");
    if (depth > 0) {
      places.put(block + ".1", place + ".attentions." + index);
    }
    return depth;
  }

  private static int depth(Tensors unet, String attention) {
    return unet.count(attention + ".transformer_blocks.", ".norm1.weight");
  }
}

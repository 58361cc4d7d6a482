package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.memory.StageMemory;
import farm.darkroom.sdxl.unet.IpAttention;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.vision.CLIPVisionConfig;
import farm.darkroom.sdxl.vision.CLIPVisionModelWithProjection;
import farm.darkroom.sdxl.vision.IpAdapterFile;
import farm.darkroom.sdxl.vision.TokenProjection;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.ArrayList;
import java.util.List;

/**
 * What an IP-Adapter and its image encoder take of memory while they look at pictures.
 *
 * @param pictures how many, one after the other
 */
record IpAdapterMemory(
    CLIPVisionModelWithProjection model, TokenProjection projection, int pictures) {
  /** Tensors of a layer's width that are alive at once, beside those between its products. */
  private static final int LAYER_TENSORS = 8;

  static IpAdapterMemory of(IpAdapterFile file, int pictures) {
    return new IpAdapterMemory(file.model(), file.projection(), pictures);
  }

  /** Tokens that the UNet attends to beside those of the text. */
  int tokens() {
    return pictures * projection.tokens();
  }

  /** The stage in which the pictures become keys and values, and none for the negative half. */
  StageMemory stage(UNetConfig unet, Precision precision) {
    List<WeightGroup> looking = new ArrayList<>(model.groups());
    looking.addAll(projection.groups());
    CLIPVisionConfig config = model.config();
    long positions = config.positions();
    long elements =
        positions * ((long) LAYER_TENSORS * config.hiddenSize() + 2L * config.intermediateSize());
    long pixels = 3L * config.imageSize() * config.imageSize();
    long parameters = looking.stream().mapToLong(WeightGroup::parameters).sum();
    return StageMemory.of(
        "picture",
        new StageMemory.Groups(new IpAttention(unet).groups(), looking, pictures),
        precision,
        (elements + pixels) * precision.dtype().bytes(),
        2.0 * (pictures + 1) * positions * parameters);
  }
}

package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.memory.StageMemory;
import farm.darkroom.sdxl.unet.T2iAdapterConfig;
import farm.darkroom.sdxl.unet.T2iAdapterModel;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.List;

/**
 * What a T2I-Adapter takes of memory while it looks at its picture, and its features after that.
 *
 * @param pictures how many, one after the other
 */
record T2iAdapterMemory(T2iAdapterConfig config, int pictures) {
  /** Tensors of a block's width that are alive at once. */
  private static final int BLOCK_TENSORS = 4;

  /** The picture as bytes, in float32 and unshuffled, of compute dtype's elements or less. */
  private static final int IMAGES = 5;

  /** Elements of its features, which are there for the whole job. */
  long features(Size size) {
    int factor = config.downscaleFactor();
    long places = (long) (size.height() / factor) * (size.width() / factor);
    return places * config.channels().stream().mapToLong(width -> width).sum();
  }

  /** The stage in which the pictures become features. */
  StageMemory stage(Size size, Precision precision) {
    List<WeightGroup> groups = T2iAdapterModel.groups(config);
    int factor = config.downscaleFactor();
    long places = (long) (size.height() / factor) * (size.width() / factor);
    long widest = config.channels().stream().mapToLong(width -> width).max().orElse(0);
    long pixels = (long) config.inChannels() * size.height() * size.width();
    long elements = 2 * features(size) + BLOCK_TENSORS * places * widest + IMAGES * pixels;
    long parameters = groups.stream().mapToLong(WeightGroup::parameters).sum();
    return StageMemory.of(
        "picture",
        new StageMemory.Groups(List.of(), groups, pictures),
        precision,
        elements * precision.dtype().bytes(),
        2.0 * pictures * places * parameters);
  }
}

package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.memory.StageMemory;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.unet.ControlNetConfig;
import farm.darkroom.sdxl.unet.ControlNetModel;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.TensorInfo;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.nio.file.Path;
import java.util.List;

/**
 * What a ControlNet takes of memory beside its UNet, from its config and the headers of its files:
 * nothing is loaded.
 *
 * @param mapped bytes of all weights as they lie in the files
 */
public record ControlNetMemory(ControlNetConfig config, Precision precision, long mapped) {

  /**
   * Reads a ControlNet's folder.
   *
   * @throws farm.darkroom.sdxl.SdxlException naming what in it is not sound
   */
  public static ControlNetMemory of(Path folder, Precision precision) {
    Component component = Component.open("controlnet", folder);
    long mapped =
        component.checkpoint().tensors().values().stream().mapToLong(TensorInfo::bytes).sum();
    return new ControlNetMemory(ControlNetConfig.of(component), precision, mapped);
  }

  /** Its part in denoising a picture. */
  StageMemory stage(PictureShape picture) {
    List<WeightGroup> groups = ControlNetModel.groups(config);
    int factor = config.scaleFactor();
    Size size = picture.size();
    long pixels = (long) size.height() / factor * (size.width() / factor);
    long batch = picture.guided() ? 2 : 1;
    double work = 0;
    for (WeightGroup group : groups) {
      work += 2.0 * batch * group.parameters() * (pixels >> 2 * level(group.name()));
    }
    return StageMemory.of(
        "denoise",
        new StageMemory.Groups(List.of(), groups, picture.steps()),
        precision,
        batch * config.residuals(pixels) * precision.dtype().bytes(),
        picture.steps() * work);
  }

  /** How often the picture was halved where a group works. */
  private int level(String group) {
    if (group.startsWith("mid_block")) {
      return config.encoder().down().size() - 1;
    }
    return group.startsWith("down_blocks.") ? Integer.parseInt(group.split("\\.", 3)[1]) : 0;
  }
}

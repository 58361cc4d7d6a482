package farm.darkroom.worker.render.inventory;

import farm.darkroom.sdxl.unet.T2iAdapterConfig;
import farm.darkroom.sdxl.unet.T2iAdapterModel;
import farm.darkroom.sdxl.vision.IpAdapterFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes T2I-Adapters for the demo base as {@code scripts/goldens/t2i.py} does. */
public final class T2iAdapterFolder {
  private static final List<Integer> CHANNELS = List.of(48, 96, 112, 112);

  private T2iAdapterFolder() {}

  /** {@code NETS} of the script, a folder each. */
  public static void write(Path folder) throws IOException {
    write(folder.resolve("depth"), new T2iAdapterConfig(3, CHANNELS, 2, 16));
    write(folder.resolve("sketch"), new T2iAdapterConfig(1, CHANNELS, 1, 16));
  }

  /** An adapter of this kind. */
  public static Path write(Path folder, T2iAdapterConfig config) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"_class_name": "T2IAdapter", "adapter_type": "full_adapter_xl", "in_channels": %d,
         "channels": %s, "num_res_blocks": %d, "downscale_factor": %d}
        """
            .formatted(
                config.inChannels(),
                config.channels(),
                config.resnets(),
                config.downscaleFactor()));
    IpAdapterFolder.write(
        folder.resolve("diffusion_pytorch_model.safetensors"),
        T2iAdapterModel.groups(config).stream());
    return folder;
  }
}

package farm.darkroom.worker.render.inventory;

import farm.darkroom.sdxl.singlefile.ControlNetFile;
import farm.darkroom.sdxl.singlefile.SingleFile;
import farm.darkroom.sdxl.vision.IpAdapterFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which safetensors files are whole models, VAEs, ControlNets or IP-Adapters, and not LoRAs or the
 * like. A file is read once, and again when it has changed. Thread-safe.
 */
final class SingleFiles {
  static final String SUFFIX = ".safetensors";
  private static final Content NOTHING = new Content(false, false, false, false);
  private final FileReadCache<Content> known = new FileReadCache<>();

  private record Content(boolean model, boolean vae, boolean controlNet, boolean ipAdapter) {}

  /** Judged by its name. */
  static boolean isSafetensors(Path file) {
    return file.toString().endsWith(SUFFIX);
  }

  boolean isModel(Path file) {
    return content(file).model();
  }

  /** Whether the file is a VAE, or has one. */
  boolean hasVae(Path file) {
    return content(file).vae();
  }

  boolean isControlNet(Path file) {
    return content(file).controlNet();
  }

  boolean isIpAdapter(Path file) {
    return content(file).ipAdapter();
  }

  private Content content(Path file) {
    try {
      return isSafetensors(file) && Files.isRegularFile(file)
          ? known.get(file, SingleFiles::read)
          : NOTHING;
    } catch (IOException e) {
      return NOTHING;
    }
  }

  /**
   * What a file is by its names.
   *
   * @throws IOException when it cannot be opened now: with other rights it may be, unchanged
   */
  private static Content read(Path file) throws IOException {
    Files.newByteChannel(file).close();
    return new Content(
        SingleFile.isOne(file),
        SingleFile.hasVae(file),
        ControlNetFile.isOne(file),
        IpAdapterFile.isOne(file));
  }
}

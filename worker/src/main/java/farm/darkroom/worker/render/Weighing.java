package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists the files of weights that a pipeline uses, with their hashes. Thread-safe. */
final class Weighing {
  private static final String VAE = "vae";
  private static final List<String> COMPONENTS =
      List.of("text_encoder", "text_encoder_2", "unet", VAE);
  private final WeightHashes hashes;

  Weighing(WeightHashes hashes) {
    this.hashes = requireNonNull(hashes, "hashes");
  }

  /**
   * The files of a snapshot.
   *
   * @param name as jobs call it
   * @param vae used instead of the snapshot's
   */
  List<WeightFile> of(String name, Snapshot snapshot, Optional<OwnVae> vae) {
    List<WeightFile> files = new ArrayList<>();
    for (String component : COMPONENTS) {
      if (component.equals(VAE) && vae.isPresent()) {
        Component own = Component.open(VAE, vae.get().folder());
        add(vae.get().name(), vae.get().folder(), own, files);
      } else {
        snapshot.find(component).ifPresent(c -> add(name, snapshot.folder(), c, files));
      }
    }
    return files;
  }

  private void add(String name, Path folder, Component component, List<WeightFile> files) {
    component.checkpoint().files().forEach(file -> files.add(weigh(name, folder, file)));
  }

  private WeightFile weigh(String name, Path folder, Path file) {
    try {
      String path = folder.relativize(file).toString().replace('\\', '/');
      return new WeightFile(name, path, hashes.of(file), Files.size(file));
    } catch (IOException e) {
      throw new FarmException(
          FailureKind.WORKER_UNFIT, file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}

package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.pipeline.ControlNet;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.worker.render.inventory.Snapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Lists the files of weights that a pipeline uses, with their hashes. Thread-safe. */
final class Weighing {
  private static final String VAE = "vae";
  private static final List<String> COMPONENTS =
      List.of("text_encoder", "text_encoder_2", "unet", VAE);
  private final WeightHashes hashes;

  Weighing(WeightHashes hashes) {
    this.hashes = requireNonNull(hashes, "hashes");
  }

  /** The files of a model and of what is merged into it, each once: components may share one. */
  List<WeightFile> of(ModelChoice choice, Snapshot snapshot) {
    List<WeightFile> files = new ArrayList<>();
    for (String component : COMPONENTS) {
      if (component.equals(VAE) && choice.vae().isPresent()) {
        Path place = choice.vae().get().place();
        add(choice.vae().get().name(), folder(place), Snapshots.vae(place), files);
      } else {
        snapshot.find(component).ifPresent(c -> add(choice.name(), snapshot.folder(), c, files));
      }
    }
    choice.loras().forEach(lora -> files.add(of(lora.file())));
    return files.stream().distinct().toList();
  }

  /** The files of a job's embeddings and ControlNets, each once. */
  List<WeightFile> of(List<OwnEmbedding> words, List<OwnControlNet> nets) {
    Set<WeightFile> files = new LinkedHashSet<>();
    words.forEach(word -> files.add(of(word.file())));
    for (OwnControlNet net : nets) {
      Component component = ControlNet.component(net.place());
      component
          .checkpoint()
          .files()
          .forEach(file -> files.add(weigh(net.name(), folder(net.place()), file)));
    }
    return List.copyOf(files);
  }

  private static Path folder(Path place) {
    return Files.isDirectory(place) ? place : place.toAbsolutePath().getParent();
  }

  private WeightFile of(OwnFile own) {
    return weigh(own.name(), own.file().toAbsolutePath().getParent(), own.file().toAbsolutePath());
  }

  private void add(String name, Path folder, Component component, List<WeightFile> files) {
    component.checkpoint().files().forEach(file -> files.add(weigh(name, folder, file)));
  }

  private WeightFile weigh(String name, Path folder, Path file) {
    try {
      Path relative = folder.toAbsolutePath().relativize(file.toAbsolutePath());
      String path = relative.toString().replace('\\', '/');
      return new WeightFile(name, path, hashes.of(file), Files.size(file));
    } catch (IOException e) {
      throw new FarmException(
          FailureKind.WORKER_UNFIT, file + ": cannot be read: " + DiskReason.of(e), e);
    }
  }
}

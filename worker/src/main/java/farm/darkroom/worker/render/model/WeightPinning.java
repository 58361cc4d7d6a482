package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Opens the weight files of what was just loaded, so that these very files are hashed even if
 * others take their places meanwhile. Thread-safe.
 */
final class WeightPinning {
  private final WeightHashes hashes;

  WeightPinning(WeightHashes hashes) {
    this.hashes = requireNonNull(hashes, "hashes");
  }

  /**
   * A file under the name that jobs have for what it belongs to.
   *
   * @param path relative to the folder of that
   */
  private record Named(String model, String path, Path file) {
    static Named of(String model, Path folder, Path file) {
      Path relative = folder.toAbsolutePath().relativize(file.toAbsolutePath());
      return new Named(model, relative.toString().replace('\\', '/'), file);
    }

    static Named of(AddedFile own) {
      return of(own.name(), own.file().toAbsolutePath().getParent(), own.file());
    }
  }

  /**
   * The files of a model and of what is merged into it, each once: components may share one.
   *
   * @param vae the one that is used, the snapshot's or the user's own
   * @throws FarmException WORKER_UNFIT when one cannot be opened
   */
  PinnedWeights of(ModelChoice choice, Snapshot snapshot, Component vae) {
    Stream<Named> components =
        Stream.concat(Component.TEXT_ENCODERS.stream(), Stream.of(Component.UNET, Component.VAE))
            .flatMap(
                name ->
                    name.equals(Component.VAE) && choice.vae().isPresent()
                        ? files(choice.vae().get().name(), choice.vae().get().place(), vae)
                        : snapshot.find(name).stream()
                            .flatMap(part -> files(choice.name(), snapshot.folder(), part)));
    return hashing(
        Stream.concat(components, choice.loras().stream().map(own -> Named.of(own.file()))));
  }

  /**
   * The files of a ControlNet or a T2I-Adapter, or of an IP-Adapter and its image encoder.
   *
   * @throws FarmException WORKER_UNFIT when one cannot be opened
   */
  PinnedWeights of(AddedModel added, List<Component> components) {
    return hashing(components.stream().flatMap(part -> files(added.name(), added.place(), part)));
  }

  /**
   * The files of embeddings, each once.
   *
   * @throws FarmException WORKER_UNFIT when one cannot be opened
   */
  PinnedWeights of(List<AddedEmbedding> words) {
    return hashing(words.stream().map(word -> Named.of(word.file())));
  }

  /**
   * @param place the folder that paths are relative to, or a file in it
   */
  private static Stream<Named> files(String model, Path place, Component component) {
    Path folder = Files.isDirectory(place) ? place : place.toAbsolutePath().getParent();
    return component.checkpoint().files().stream().map(file -> Named.of(model, folder, file));
  }

  /** If one cannot be opened, those opened before are closed. */
  private PinnedWeights hashing(Stream<Named> files) {
    List<Named> named = files.distinct().toList();
    List<PinnedWeights.Part> parts = new ArrayList<>();
    try {
      for (Named file : named) {
        parts.add(new PinnedWeights.Part(file.model(), file.path(), hashes.pin(file.file())));
      }
      return new PinnedWeights(parts);
    } catch (RuntimeException e) {
      parts.forEach(PinnedWeights.Part::close);
      throw e;
    }
  }
}

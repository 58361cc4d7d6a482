package farm.darkroom.worker.render.inventory;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.singlefile.SingleFile;
import farm.darkroom.sdxl.singlefile.TokenizerFolders;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.text.CLIPTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Opens models, whichever way they lie on disk. A single file has no tokenizers: they are borrowed
 * from another model of this machine that has the same vocabulary. Thread-safe.
 *
 * @param folders of models that may lend theirs
 */
public record Snapshots(Supplier<List<Path>> folders) implements TokenizerFolders {

  public Snapshots {
    requireNonNull(folders, "folders");
  }

  /**
   * A model.
   *
   * @param place a folder with model_index.json, or a safetensors file
   * @throws SdxlException when it is neither
   */
  public Snapshot open(Path place) {
    return Files.isRegularFile(place) ? SingleFile.open(place, this) : Snapshot.open(place);
  }

  /**
   * A VAE of the user's own.
   *
   * @param place a folder with config.json, or a safetensors file
   * @throws SdxlException when it is neither
   */
  public static Component vae(Path place) {
    return Files.isRegularFile(place)
        ? SingleFile.vae(place)
        : Component.open(Component.VAE, place);
  }

  @Override
  public Path find(String name, long words) {
    return folders.get().stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isDirectory)
        .filter(folder -> words(folder).equals(Optional.of(words)))
        .findFirst()
        .orElseThrow(
            () ->
                new SdxlException(
                    ("no %s of %d words is here, which a single file needs: put a folder %s beside"
                            + " it, or have a model that lends one, such as 'darkroom model pull"
                            + " stabilityai/stable-diffusion-xl-base-1.0'")
                        .formatted(name, words, name)));
  }

  private static Optional<Long> words(Path folder) {
    try {
      return Optional.of(CLIPTokenizer.vocabularySize(folder));
    } catch (SdxlException e) {
      return Optional.empty();
    }
  }
}

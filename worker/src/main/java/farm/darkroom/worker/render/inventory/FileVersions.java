package farm.darkroom.worker.render.inventory;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.sdxl.singlefile.SingleFile;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.worker.hub.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What models and components are read from, as it is now: of two equal ones nothing was written
 * anew, added or taken away between.
 */
public record FileVersions(Map<Path, FileVersion> files) {
  private static final List<String> PARTS =
      List.of(
          Component.UNET,
          Component.VAE,
          "text_encoder",
          "text_encoder_2",
          "tokenizer",
          "tokenizer_2",
          "scheduler");
  private static final List<String> READ = List.of(".safetensors", ".json", ".txt");

  public FileVersions {
    files = Map.copyOf(files);
  }

  /**
   * @param places folders of snapshots and components, and files
   * @throws FarmException WORKER_UNFIT when one cannot be looked at
   */
  public static FileVersions of(Stream<Path> places) {
    return of(places, Stream.empty());
  }

  /**
   * @param alone files beside which nothing is read
   * @throws FarmException as {@link #of(Stream)}
   */
  public static FileVersions of(Stream<Path> places, Stream<Path> alone) {
    Map<Path, FileVersion> files = new TreeMap<>();
    Stream.concat(places.flatMap(FileVersions::files), alone).forEach(file -> add(file, files));
    return new FileVersions(files);
  }

  /** The first file that changed, and how, with the number of others; empty when none did. */
  public String change(FileVersions now) {
    List<String> changes =
        Stream.concat(files.keySet().stream(), now.files.keySet().stream())
            .distinct()
            .sorted()
            .filter(file -> !Objects.equals(files.get(file), now.files.get(file)))
            .map(file -> file + " " + change(file, now))
            .toList();
    String others = changes.size() > 1 ? ", and %d more".formatted(changes.size() - 1) : "";
    return changes.isEmpty() ? "" : changes.get(0) + others;
  }

  private String change(Path file, FileVersions now) {
    if (!now.files.containsKey(file)) {
      return "is gone";
    }
    return files.containsKey(file) ? files.get(file).change(now.files.get(file)) : "is new";
  }

  private static Stream<Path> files(Path place) {
    return Files.isDirectory(place)
        ? Stream.concat(Stream.of(place), PARTS.stream().map(place::resolve))
            .flatMap(folder -> Folders.filesIn(folder).stream())
            .filter(file -> READ.stream().anyMatch(file.toString()::endsWith))
        : Stream.of(place, SingleFile.overrides(place));
  }

  private static void add(Path file, Map<Path, FileVersion> files) {
    try {
      files.put(file, FileVersion.of(file));
    } catch (NoSuchFileException e) {
      // gone meanwhile, or never there, as mostly what may lie beside a file
    } catch (IOException e) {
      throw new FarmException(
          FailureKind.WORKER_UNFIT, file + ": cannot be read: " + DiskReason.of(e), e);
    }
  }
}

package farm.darkroom.worker.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Lists folders that may not exist. */
public final class Folders {
  private Folders() {}

  /** The folders in {@code folder}, by name; none when it cannot be read. */
  public static List<Path> in(Path folder) {
    return entries(folder, Files::isDirectory);
  }

  /** The files in {@code folder}, by name; none when it cannot be read. */
  public static List<Path> filesIn(Path folder) {
    return entries(folder, Files::isRegularFile);
  }

  private static List<Path> entries(Path folder, Predicate<Path> wanted) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(wanted).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}

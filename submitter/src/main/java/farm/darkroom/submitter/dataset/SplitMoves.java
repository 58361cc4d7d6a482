package farm.darkroom.submitter.dataset;

import static java.util.stream.Collectors.groupingBy;

import farm.darkroom.common.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Pictures of an imagefolder that are of another split by now. Those whose record is damaged in the
 * store since are nowhere else, so all go over before any split is rewritten. Not thread-safe.
 */
final class SplitMoves {
  private final Path folder;
  private final Map<String, String> splits;
  private final List<Picture> pictures = new ArrayList<>();
  private final List<Path> orphaned = new ArrayList<>();

  /**
   * @param split the one that it is of now
   */
  private record Picture(String split, Path file, FolderRow row) {}

  private SplitMoves(Path folder, List<Split> splits) {
    this.folder = folder;
    this.splits = Split.byJob(splits);
  }

  /** Finds the moved pictures in the folders of earlier exports. */
  static SplitMoves in(Path folder, List<Split> splits) throws IOException {
    SplitMoves found = new SplitMoves(folder, splits);
    if (Files.isDirectory(folder)) {
      for (Path place : places(folder)) {
        found.readRows(place);
      }
    }
    return found;
  }

  private static List<Path> places(Path folder) throws IOException {
    try (Stream<Path> places = Files.list(folder)) {
      return places
          .filter(place -> Split.isName(place.getFileName().toString()))
          .filter(place -> Files.isRegularFile(place.resolve(FolderRow.FILE)))
          .sorted()
          .toList();
    }
  }

  private void readRows(Path place) throws IOException {
    String split = place.getFileName().toString();
    List<FolderRow> rows = new ArrayList<>();
    try (Stream<FolderRow> all = FolderRow.all(place)) {
      all.filter(row -> !split.equals(splits.get(row.job()))).forEach(rows::add);
    }
    boolean ours = rows.stream().allMatch(row -> splits.containsKey(row.job()));
    if (!rows.isEmpty() && ours && !splits.containsValue(split)) {
      orphaned.add(place);
    }
    for (FolderRow row : rows) {
      Path file = place.resolve(row.fileName());
      if (splits.containsKey(row.job()) && Files.isRegularFile(file)) {
        pictures.add(new Picture(splits.get(row.job()), file, row));
      }
    }
  }

  /**
   * Copies the moved pictures and their rows into the folder of their current split. The originals
   * stay where they are.
   *
   * @return folders of the batch's jobs whose split has none of them any more
   */
  List<Path> carryOver() throws IOException {
    Map<String, List<Picture>> bySplit = pictures.stream().collect(groupingBy(Picture::split));
    for (Map.Entry<String, List<Picture>> split : bySplit.entrySet()) {
      Path place = folder.resolve(split.getKey());
      for (Picture picture : split.getValue()) {
        Path to = place.resolve(picture.row().fileName());
        if (!Files.exists(to)) {
          AtomicFile.write(to, Files.readAllBytes(picture.file()));
        }
      }
      AtomicFile.write(place.resolve(FolderRow.FILE), out -> join(place, split.getValue(), out));
    }
    return List.copyOf(orphaned);
  }

  private static void join(Path place, List<Picture> pictures, OutputStream out)
      throws IOException {
    Set<String> there = new HashSet<>();
    try (Stream<FolderRow> rows = FolderRow.all(place)) {
      for (FolderRow row : (Iterable<FolderRow>) rows::iterator) {
        there.add(row.fileName());
        out.write(row.line());
      }
    }
    for (Picture picture : pictures) {
      if (there.add(picture.row().fileName())) {
        out.write(picture.row().line());
      }
    }
  }
}

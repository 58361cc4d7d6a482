package farm.darkroom.worker.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The parts of a file that is on its way, and which of them have come: a journal beside the file,
 * so that a pull that was interrupted goes on. Thread-safe.
 */
final class Parts {
  private final Path journal;
  private final long size;
  private final long partSize;
  private final BitSet come = new BitSet();

  /**
   * A part.
   *
   * @param begin its first byte
   * @param end the byte after its last
   */
  record Part(int index, long begin, long end) {
    long length() {
      return end - begin;
    }
  }

  private Parts(Path journal, long size, long partSize) {
    this.journal = journal;
    this.size = size;
    this.partSize = partSize;
  }

  /** Reads the journal; one of another size, or of none, starts over. */
  static Parts open(Path journal, Path partial, long size, long partSize) {
    Parts parts = new Parts(journal, size, partSize);
    try {
      List<String> lines = Files.isRegularFile(journal) ? Files.readAllLines(journal) : List.of();
      if (Files.isRegularFile(partial) && !lines.isEmpty() && lines.get(0).equals(parts.title())) {
        lines.stream()
            .skip(1)
            .filter(Parts::isEntry)
            .map(line -> Integer.valueOf(line.substring(0, line.length() - 1)))
            .forEach(parts.come::set);
      } else {
        parts.restart();
      }
      return parts;
    } catch (IOException e) {
      throw DiskFailure.of(journal, e);
    }
  }

  private String title() {
    return "%d bytes in parts of %d".formatted(size, partSize);
  }

  /** Entries end with a dot, so that one that was cut off names no other part. */
  private static boolean isEntry(String line) {
    return line.matches("\\d{1,8}\\.");
  }

  private int count() {
    return Math.toIntExact((size + partSize - 1) / partSize);
  }

  /** Forgets all parts, to start over. */
  synchronized void restart() {
    come.clear();
    try {
      Files.createDirectories(journal.getParent());
      Files.writeString(journal, title());
    } catch (IOException e) {
      throw DiskFailure.of(journal, e);
    }
  }

  /** The parts that are still missing. */
  synchronized List<Part> missing() {
    List<Part> missing = new ArrayList<>();
    for (int i = come.nextClearBit(0); i < count(); i = come.nextClearBit(i + 1)) {
      missing.add(new Part(i, i * partSize, Math.min(size, (i + 1) * partSize)));
    }
    return missing;
  }

  /** How many bytes are here. */
  synchronized long bytes() {
    return size - missing().stream().mapToLong(Part::length).sum();
  }

  /** Records that the part is here. */
  synchronized void done(Part part) {
    come.set(part.index());
    try {
      Files.writeString(journal, "\n" + part.index() + ".", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw DiskFailure.of(journal, e);
    }
  }
}

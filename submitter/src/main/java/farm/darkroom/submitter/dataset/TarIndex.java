package farm.darkroom.submitter.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the files of a tar archive lie in it. Thread-safe. */
final class TarIndex {
  private final Path file;
  private final Map<String, Place> places;

  /** Offset and length, in bytes. */
  private record Place(long offset, int length) {}

  private TarIndex(Path file, Map<String, Place> places) {
    this.file = file;
    this.places = places;
  }

  /** The archive's whole files; none where there is no archive. */
  static TarIndex of(Path file) throws IOException {
    Map<String, Place> places = new LinkedHashMap<>();
    if (Files.exists(file)) {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
        TarReader tar = new TarReader(in);
        long at = 0;
        for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
          int length = next.get().bytes().length;
          places.putIfAbsent(next.get().name(), new Place(at + TarWriter.BLOCK, length));
          at += (long) TarWriter.BLOCK + length + TarWriter.padding(length);
        }
      }
    }
    return new TarIndex(file, places);
  }

  /** In the archive's order. */
  Set<String> names() {
    return places.keySet();
  }

  Optional<byte[]> find(String name) throws IOException {
    Place place = places.get(name);
    if (place == null) {
      return Optional.empty();
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[place.length()];
      in.seek(place.offset());
      in.readFully(bytes);
      return Optional.of(bytes);
    }
  }
}

package farm.darkroom.worker.render.model;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Opens files as the farm does, some of them as if their disk failed, and says which are open. */
final class FailingFiles implements WeightHashes.Opener {
  final List<Path> opened = new ArrayList<>();
  final List<Path> open = new ArrayList<>();
  private final List<Path> unreadable = new ArrayList<>();
  private final List<Path> unopenable = new ArrayList<>();

  /** Reading it fails. */
  void unreadable(Path file) {
    unreadable.add(file);
  }

  /** Opening it fails. */
  void unopenable(Path file) {
    unopenable.add(file);
  }

  /** The disk is well again. */
  void repair() {
    unreadable.clear();
    unopenable.clear();
  }

  @Override
  public InputStream open(Path file) throws IOException {
    if (unopenable.contains(file)) {
      throw new IOException("Too many open files");
    }
    opened.add(file);
    open.add(file);
    return new FilterInputStream(Files.newInputStream(file)) {
      @Override
      public int read(byte[] bytes) throws IOException {
        if (unreadable.contains(file)) {
          throw new IOException("Input/output error");
        }
        return super.read(bytes);
      }

      @Override
      public void close() throws IOException {
        open.remove(file);
        super.close();
      }
    };
  }
}

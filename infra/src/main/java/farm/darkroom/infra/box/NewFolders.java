package farm.darkroom.infra.box;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The folders of a farm in a box. Unless they are kept, those that were not there before are
 * deleted on close, as are those above them.
 */
final class NewFolders implements AutoCloseable {
  private final Path broker;
  private final List<TemporaryFolder> made = new ArrayList<>();
  private volatile boolean kept;

  private NewFolders(Path broker) {
    this.broker = broker;
  }

  /** Makes those that are not there. What cannot be made is left to who needs it. */
  static NewFolders make(Path broker, Path store) {
    NewFolders folders = new NewFolders(broker);
    try {
      folders.make(broker);
      folders.make(store);
    } catch (IOException e) {
      // Who needs it says why it cannot be made.
    }
    return folders;
  }

  private void make(Path folder) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path path = folder; path != null && !Files.exists(path); path = path.getParent()) {
      missing.push(path);
    }
    boolean first = true;
    for (Path path : missing) {
      if (create(path) && first) {
        made.add(new TemporaryFolder(path));
        first = false;
      }
    }
  }

  /** Whether it was made here, and not by somebody else meanwhile. */
  private static boolean create(Path path) throws IOException {
    try {
      Files.createDirectory(path);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  void keep() {
    kept = true;
  }

  /** Deletes them, also while the broker of this JVM writes there. */
  void discard() {
    if (!kept) {
      made.forEach(TemporaryFolder::discard);
    }
  }

  @Override
  public void close() {
    if (!isLocked()) {
      discard();
    }
  }

  /** Whether another broker was started there meanwhile. */
  private boolean isLocked() {
    try (FileChannel lock = FileChannel.open(broker.resolve(".lock"), StandardOpenOption.WRITE);
        FileLock free = lock.tryLock()) {
      return free == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}

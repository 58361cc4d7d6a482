package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Files under the names of their hashes. One that is on its way is called {@code
 * <hash>.darkroom.incomplete}: not {@code <hash>.incomplete}, because it has holes, which older
 * versions of huggingface_hub would take for content.
 */
record Blobs(Path folder) {

  Blobs {
    requireNonNull(folder, "folder");
  }

  Path path(RemoteFile file) {
    return folder.resolve(file.blob());
  }

  /** Where the bytes of a download are collected. */
  Path partial(RemoteFile file) {
    return folder.resolve(file.blob() + ".darkroom.incomplete");
  }

  /** The journal beside it. */
  Path journal(RemoteFile file) {
    return folder.resolve(file.blob() + ".darkroom.parts");
  }

  /** Whether the file is here, whole. */
  boolean has(RemoteFile file) {
    try {
      return Files.isRegularFile(path(file)) && Files.size(path(file)) == file.size();
    } catch (IOException e) {
      return false;
    }
  }

  /** Gives what was collected, which is whole and verified, its final name. */
  void keep(RemoteFile file) {
    try {
      Files.move(partial(file), path(file), StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(journal(file));
    } catch (IOException e) {
      throw DiskFailure.of(path(file), e);
    }
  }

  /** Deletes what was collected. */
  void drop(RemoteFile file) {
    try {
      Files.deleteIfExists(partial(file));
      Files.deleteIfExists(journal(file));
    } catch (IOException e) {
      throw DiskFailure.of(partial(file), e);
    }
  }
}

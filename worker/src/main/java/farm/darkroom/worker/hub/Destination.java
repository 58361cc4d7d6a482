package farm.darkroom.worker.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a download puts its files. Only one process writes to it at a time. */
interface Destination extends AutoCloseable {

  /** Where files are collected under the names of their hashes. */
  Blobs blobs();

  /**
   * The snapshot, if it was made before and needs nothing more.
   *
   * @throws HubException when something else is in its place
   */
  Optional<Path> present(List<RemoteFile> files);

  /**
   * Makes the snapshot when all files are among the blobs. To other programs it appears in one
   * step.
   *
   * @return the snapshot's folder
   */
  Path finish(Listing listing, List<RemoteFile> files);

  @Override
  void close();
}

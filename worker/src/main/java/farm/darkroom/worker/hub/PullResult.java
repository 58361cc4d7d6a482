package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A model, or one file of a repository, that was pulled.
 *
 * @param place the folder of the snapshot, or the file
 * @param commit of the repository
 * @param bytes of all its files
 * @param received bytes that came over the network for it
 */
public record PullResult(Path place, String commit, int files, long bytes, long received) {

  public PullResult {
    requireNonNull(place, "place");
    requireNonNull(commit, "commit");
  }
}

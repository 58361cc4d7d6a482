package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A model that was pulled.
 *
 * @param folder of the snapshot
 * @param commit of the repository
 * @param bytes of all its files
 * @param received bytes that came over the network for it
 */
public record Pulled(Path folder, String commit, int files, long bytes, long received) {

  public Pulled {
    requireNonNull(folder, "folder");
    requireNonNull(commit, "commit");
  }
}

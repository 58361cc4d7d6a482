package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A VAE that a job wants instead of its model's.
 *
 * @param name as the job calls it
 */
record OwnVae(String name, Path folder) {

  OwnVae {
    requireNonNull(name, "name");
    requireNonNull(folder, "folder");
  }
}

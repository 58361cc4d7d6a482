package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A VAE that replaces the model's own, resolved to a path.
 *
 * @param name as the job calls it
 * @param place its folder, or its file
 */
record AddedVae(String name, Path place) {

  AddedVae {
    requireNonNull(name, "name");
    requireNonNull(place, "place");
  }
}

package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A ControlNet, a T2I-Adapter or an IP-Adapter that a job adds, or a VAE in place of the model's
 * own, resolved to a path.
 *
 * @param name as the job calls it
 * @param place its folder or file
 */
record AddedModel(String name, Path place) {
  AddedModel {
    requireNonNull(name, "name");
    requireNonNull(place, "place");
  }
}

package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A ControlNet that a job wants.
 *
 * @param name as the job calls it
 * @param place its folder or file
 */
record OwnControlNet(String name, Path place) {
  OwnControlNet {
    requireNonNull(name, "name");
    requireNonNull(place, "place");
  }
}

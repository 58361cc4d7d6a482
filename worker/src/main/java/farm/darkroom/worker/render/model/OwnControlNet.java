package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A ControlNet that a job wants.
 *
 * @param name as the job calls it
 */
record OwnControlNet(String name, Path folder) {
  OwnControlNet {
    requireNonNull(name, "name");
    requireNonNull(folder, "folder");
  }
}

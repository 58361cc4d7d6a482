package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A file that a job adds to its model, resolved to a path.
 *
 * @param name as the job calls it
 * @param fixed whether it never changes, whatever happens to its times: it is named by its hash
 */
record AddedFile(String name, Path file, boolean fixed) {
  AddedFile {
    requireNonNull(name, "name");
    requireNonNull(file, "file");
  }
}

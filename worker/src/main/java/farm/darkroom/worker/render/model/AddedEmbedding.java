package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

/**
 * A textual-inversion embedding that a job adds, resolved to a file.
 *
 * @param token the word that stands for it in prompts
 */
record AddedEmbedding(AddedFile file, String token) {
  AddedEmbedding {
    requireNonNull(file, "file");
    requireNonNull(token, "token");
  }
}

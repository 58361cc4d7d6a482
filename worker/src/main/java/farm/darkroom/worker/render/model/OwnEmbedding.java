package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

/**
 * A textual-inversion embedding that a job wants.
 *
 * @param token the word that stands for it in prompts
 */
record OwnEmbedding(OwnFile file, String token) {
  OwnEmbedding {
    requireNonNull(file, "file");
    requireNonNull(token, "token");
  }
}

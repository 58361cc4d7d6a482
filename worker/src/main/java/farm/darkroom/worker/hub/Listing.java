package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.common.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of a repository at a commit.
 *
 * @param commit 40 hexadecimal digits
 */
record Listing(RepositoryId id, String commit, List<RemoteFile> files) {
  private static final int MOST_FILES = 100_000;

  Listing {
    requireNonNull(id, "id");
    files = List.copyOf(files);
    if (!commit.matches("[0-9a-f]{40}") || files.size() > MOST_FILES) {
      throw HubException.failed(
          "%s: the hub answers with commit '%s' and %s"
              .formatted(id, commit, Counted.of(files.size(), "file")),
          null);
    }
  }

  /** The answer of {@code /api/models/ORG/NAME/revision/REVISION?blobs=true}. */
  static Listing of(RepositoryId id, JsonNode answer) {
    List<RemoteFile> files = new ArrayList<>();
    answer.path("siblings").forEach(sibling -> files.add(RemoteFile.of(sibling)));
    return new Listing(id, answer.path("sha").asText(), files);
  }

  Optional<RemoteFile> find(String path) {
    return files.stream().filter(file -> file.path().equals(path)).findFirst();
  }
}

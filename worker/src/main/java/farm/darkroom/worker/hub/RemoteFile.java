package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file of a repository on the hub.
 *
 * @param path in the repository, with {@code /}
 * @param size in bytes
 * @param gitHash SHA-1 of its git blob, in hexadecimal
 * @param sha256 of its content where it lies in large-file storage, in hexadecimal
 */
record RemoteFile(String path, long size, String gitHash, Optional<String> sha256) {
  private static final Pattern PATH = Pattern.compile("[^/\\\\\\x00]+(/[^/\\\\\\x00]+)*");
  private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  RemoteFile {
    requireNonNull(sha256, "sha256");
    if (!PATH.matcher(path).matches() || path.matches("(.*/)?\\.\\.?(/.*)?")) {
      throw HubException.failed("the hub lists a file '%s'".formatted(path), null);
    }
    if (size < 0
        || !SHA1.matcher(gitHash).matches()
        || sha256.filter(hash -> !SHA256.matcher(hash).matches()).isPresent()) {
      throw HubException.failed(
          "the hub lists %s with size %d and hash %s".formatted(path, size, sha256.orElse(gitHash)),
          null);
    }
  }

  /** A file as the hub lists it under {@code "siblings"}, asked with {@code blobs=true}. */
  static RemoteFile of(JsonNode sibling) {
    JsonNode lfs = sibling.path("lfs");
    return new RemoteFile(
        sibling.path("rfilename").asText(),
        sibling.path("size").asLong(-1),
        sibling.path("blobId").asText(),
        lfs.isObject() ? Optional.of(lfs.path("sha256").asText()) : Optional.empty());
  }

  /** Its entity tag on the hub, which is the name of its blob in the cache. */
  String blob() {
    return sha256.orElse(gitHash);
  }

  /** The folder, or empty for a file at the top. */
  String folder() {
    return path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
  }

  /** The name without its folder. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}

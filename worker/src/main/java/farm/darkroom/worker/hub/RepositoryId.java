package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A repository of models on the hub, at a revision.
 *
 * @param id {@code org/name}
 * @param revision a branch, a tag or a commit; empty: {@code main}
 */
public record RepositoryId(String id, Optional<String> revision) {
  static final String MAIN = "main";
  private static final Pattern ID =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9][A-Za-z0-9._-]{0,95})?");
  private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,199}");

  public RepositoryId {
    requireNonNull(revision, "revision");
    if (!ID.matcher(id).matches() || id.contains("--") || id.contains("..")) {
      throw HubException.refused(
          "'%s' is no name of a repository; expected ORG/NAME, such as %s"
              .formatted(id, "stabilityai/stable-diffusion-xl-base-1.0"));
    }
    revision.ifPresent(
        name -> {
          if (!REVISION.matcher(name).matches() || name.contains("..")) {
            throw HubException.refused(
                "'%s' is no revision; expected a branch, a tag or a commit".formatted(name));
          }
        });
  }

  /**
   * Reads {@code ORG/NAME} or {@code ORG/NAME@REVISION}.
   *
   * @param revision typed beside it
   * @throws HubException when it is no such name, or says two revisions
   */
  public static RepositoryId parse(String text, Optional<String> revision) {
    int at = text.indexOf('@');
    if (at < 0) {
      return new RepositoryId(text, revision);
    }
    String named = text.substring(at + 1);
    if (revision.isPresent() && !revision.get().equals(named)) {
      throw HubException.refused(
          "%s and --revision %s are two revisions; give one".formatted(text, revision.get()));
    }
    return new RepositoryId(text.substring(0, at), Optional.of(named));
  }

  /** The revision as one segment of a URL's path. */
  String revisionSegment() {
    return URLEncoder.encode(revision.orElse(MAIN), StandardCharsets.UTF_8);
  }

  /** As jobs name it. */
  @Override
  public String toString() {
    return revision.map(name -> id + "@" + name).orElse(id);
  }
}

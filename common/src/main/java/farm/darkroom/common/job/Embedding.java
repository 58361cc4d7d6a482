package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Optional;

/**
 * A textual-inversion embedding (tensors clip_l and clip_g).
 *
 * @param path of the file on the worker, or its name there
 * @param token the word that stands for it in prompts; in JSON by default the file's name without
 *     {@code .safetensors}
 */
public record Embedding(String path, String token) {
  private static final int LONGEST = 64;
  private static final JsonType<String> TOKEN = JsonTypes.text(LONGEST).refuse(Embedding::complaint);

  static JsonType<Embedding> type() {
    return JsonTypes.object(Embedding::read);
  }

  ObjectNode toJson() {
    return new FieldWriter().put("path", path).put("token", token).done();
  }

  private static Optional<Embedding> read(Fields f) {
    Optional<String> path = f.required("path", Names.model());
    Optional<String> token =
        f.has("token") ? f.optional("token", TOKEN) : path.flatMap(p -> stem(p, f));
    f.noOthers();
    return path.flatMap(p -> token.map(t -> new Embedding(p, t)));
  }

  /** The file's name without its ending, as other programs call an embedding. */
  private static Optional<String> stem(String path, Fields f) {
    String name = path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.safetensors$", "");
    boolean fits = complaint(name).isEmpty() && name.length() <= LONGEST;
    if (path.startsWith("sha256:") || !fits) {
      return f.required("token", TOKEN);
    }
    return Optional.of(name);
  }

  private static Optional<String> complaint(String token) {
    boolean word = !token.isEmpty() && token.chars().noneMatch(Character::isWhitespace);
    return word
        ? Optional.empty()
        : Optional.of("found " + Found.quoted(token) + ", allowed is one word");
  }
}

package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A textual-inversion embedding (tensors clip_l and clip_g).
 *
 * @param path where the file lies
 * @param token the word that stands for it in prompts; in JSON by default the file's name without
 *     {@code .safetensors}
 */
public record Embedding(FileReference path, String token) {
  /** As users write it, for error messages. */
  static final String EXAMPLE = "{\"path\": \"thing.safetensors\", \"token\": \"<thing>\"}";

  private static final int LONGEST = 64;
  private static final JsonType<String> TOKEN =
      JsonTypes.text(LONGEST).refuse(Embedding::complaint);

  static JsonType<Embedding> type() {
    return JsonTypes.objectSuchAs(EXAMPLE, Embedding::read);
  }

  ObjectNode toJson() {
    return new FieldWriter().put("path", path.text()).put("token", token).done();
  }

  Embedding withFile(UnaryOperator<FileReference> change) {
    return new Embedding(change.apply(path), token);
  }

  private static Optional<Embedding> read(Fields f) {
    Optional<FileReference> path = f.required("path", FileReference.type());
    Optional<String> token =
        f.has("token") ? f.optional("token", TOKEN) : path.flatMap(p -> stem(p, f));
    f.noOthers();
    return path.flatMap(p -> token.map(t -> new Embedding(p, t)));
  }

  /** The file's name without its ending, as other programs call an embedding. */
  private static Optional<String> stem(FileReference file, Fields f) {
    String path = file.text();
    String name = path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.safetensors$", "");
    boolean fits = complaint(name).isEmpty() && name.length() <= LONGEST;
    if (file.sha256().isPresent() || !fits) {
      return f.required("token", TOKEN);
    }
    return Optional.of(name);
  }

  private static Optional<String> complaint(String token) {
    boolean word = !token.isEmpty() && token.chars().noneMatch(Character::isWhitespace);
    return word
        ? Optional.empty()
        : Optional.of("found " + Found.quoted(token) + ", allowed: one word");
  }
}

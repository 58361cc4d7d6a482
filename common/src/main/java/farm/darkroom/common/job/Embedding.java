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
 * @param token the word that stands for it in prompts
 */
public record Embedding(String path, String token) {
  private static final JsonType<String> TOKEN = JsonTypes.text(64).refuse(Embedding::complaint);

  static JsonType<Embedding> type() {
    return JsonTypes.object(Embedding::read);
  }

  ObjectNode toJson() {
    return new FieldWriter().put("path", path).put("token", token).done();
  }

  private static Optional<Embedding> read(Fields f) {
    Optional<String> path = f.required("path", Names.model());
    Optional<String> token = f.required("token", TOKEN);
    f.noOthers();
    return path.flatMap(p -> token.map(t -> new Embedding(p, t)));
  }

  private static Optional<String> complaint(String token) {
    boolean word = !token.isEmpty() && token.chars().noneMatch(Character::isWhitespace);
    return word
        ? Optional.empty()
        : Optional.of("found " + Found.quoted(token) + ", allowed is one word");
  }
}

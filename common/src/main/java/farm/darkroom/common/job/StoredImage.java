package farm.darkroom.common.job;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Optional;

/**
 * One result of a job: a PNG, or latents.
 *
 * @param key in the store, or the file's name where there is no store
 * @param sha256 of the bytes that lie there, in hexadecimal
 */
public record StoredImage(String key, String sha256, long bytes, long seed) {

  public StoredImage {
    requireNonNull(key, "key");
    requireNonNull(sha256, "sha256");
  }

  static JsonType<StoredImage> type() {
    return JsonTypes.object(StoredImage::read);
  }

  ObjectNode toJson() {
    return new FieldWriter()
        .put("key", key)
        .put("sha256", sha256)
        .put("bytes", bytes)
        .put("seed", seed)
        .done();
  }

  private static Optional<StoredImage> read(Fields f) {
    Optional<String> key = f.required("key", RecordTypes.WORD);
    Optional<String> sha256 = f.required("sha256", RecordTypes.SHA256);
    Optional<Long> bytes = f.required("bytes", RecordTypes.COUNT);
    Optional<Long> seed = f.required("seed", RecordTypes.COUNT);
    return f.sound()
        ? Optional.of(
            new StoredImage(
                key.orElseThrow(), sha256.orElseThrow(), bytes.orElseThrow(), seed.orElseThrow()))
        : Optional.empty();
  }
}

package farm.darkroom.common.job;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Optional;

/**
 * A file of weights that a render used.
 *
 * @param model as the job names it
 * @param path in the snapshot, such as {@code unet/diffusion_pytorch_model.safetensors}
 * @param sha256 in hexadecimal
 */
public record WeightFile(String model, String path, String sha256, long bytes) {

  public WeightFile {
    requireNonNull(model, "model");
    requireNonNull(path, "path");
    requireNonNull(sha256, "sha256");
  }

  static JsonType<WeightFile> type() {
    return JsonTypes.object(WeightFile::read);
  }

  ObjectNode toJson() {
    return new FieldWriter()
        .put("model", model)
        .put("path", path)
        .put("sha256", sha256)
        .put("bytes", bytes)
        .done();
  }

  private static Optional<WeightFile> read(Fields f) {
    Optional<String> model = f.required("model", RecordTypes.WORD);
    Optional<String> path = f.required("path", RecordTypes.WORD);
    Optional<String> sha256 = f.required("sha256", RecordTypes.SHA256);
    Optional<Long> bytes = f.required("bytes", RecordTypes.COUNT);
    return f.sound()
        ? Optional.of(
            new WeightFile(
                model.orElseThrow(), path.orElseThrow(), sha256.orElseThrow(), bytes.orElseThrow()))
        : Optional.empty();
  }
}

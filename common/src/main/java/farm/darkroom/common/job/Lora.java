package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A LoRA network that is merged into the model.
 *
 * @param path where the file lies
 * @param weight of the network; 1 is as trained, negative takes it away
 */
public record Lora(FileReference path, double weight) {
  /** As users write it, for error messages. */
  static final String EXAMPLE = "{\"path\": \"film.safetensors\", \"weight\": 0.8}";

  private static final double AS_TRAINED = 1.0;

  static JsonType<Lora> type() {
    return JsonTypes.objectSuchAs(EXAMPLE, Lora::read);
  }

  ObjectNode toJson() {
    return new FieldWriter()
        .put("path", path.text())
        .putUnless(AS_TRAINED, "weight", weight)
        .done();
  }

  Lora withFile(UnaryOperator<FileReference> change) {
    return new Lora(change.apply(path), weight);
  }

  private static Optional<Lora> read(Fields f) {
    Optional<FileReference> path = f.required("path", FileReference.type());
    double weight = f.or("weight", JsonTypes.number(-10, 10), AS_TRAINED);
    f.noOthers(ForeignNames::ofLora);
    return path.map(p -> new Lora(p, weight));
  }
}

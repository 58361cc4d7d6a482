package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Optional;

/**
 * A LoRA network that is merged into the model.
 *
 * @param path of the file on the worker, or its name there
 * @param weight of the network; 1 is as trained, negative takes it away
 */
public record Lora(String path, double weight) {
  private static final double AS_TRAINED = 1.0;

  static JsonType<Lora> type() {
    return JsonTypes.object(Lora::read);
  }

  ObjectNode toJson() {
    return new FieldWriter().put("path", path).putUnless(AS_TRAINED, "weight", weight).done();
  }

  private static Optional<Lora> read(Fields f) {
    Optional<String> path = f.required("path", Names.model());
    double weight = f.or("weight", JsonTypes.number(-10, 10), AS_TRAINED);
    f.noOthers();
    return path.map(p -> new Lora(p, weight));
  }
}

package farm.darkroom.submitter.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A job field that takes each of the values.
 *
 * @param path the field's name, of a nested one with dots: {@code refiner.denoising_start}
 */
record FieldAxis(String path, List<JsonNode> values) implements Axis {

  @Override
  public void apply(ObjectNode job, JsonNode value) {
    String[] names = path.split("\\.", -1);
    ObjectNode at = job;
    for (int i = 0; i < names.length - 1; i++) {
      at = at.get(names[i]) instanceof ObjectNode inner ? inner : at.putObject(names[i]);
    }
    at.set(names[names.length - 1], value);
  }
}

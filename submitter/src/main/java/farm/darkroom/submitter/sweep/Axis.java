package farm.darkroom.submitter.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** One dimension of a sweep: its values, and what each of them does to a job. */
sealed interface Axis permits FieldAxis, WordAxis {

  List<JsonNode> values();

  /** Puts one of the values into a job that nobody else holds. */
  void apply(ObjectNode job, JsonNode value);
}

package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Optional;

/**
 * FreeU, as diffusers' {@code enable_freeu} takes it: how much the first two blocks of the UNet's
 * way up are scaled.
 *
 * @param s1 the lowest frequencies of the first block's skips
 * @param s2 those of the second block's skips
 * @param b1 half of the first block's other features
 * @param b2 half of the second block's other features
 */
public record FreeUChoice(double s1, double s2, double b1, double b2) {
  /** As users write it, for error messages; the values are SDXL's of FreeU's authors. */
  static final String EXAMPLE = "{\"s1\": 0.6, \"s2\": 0.4, \"b1\": 1.1, \"b2\": 1.2}";

  /** Diffusers takes a 0 for "off". */
  private static final JsonType<Double> FACTOR = JsonTypes.number(0.01, 10);

  static JsonType<FreeUChoice> type() {
    return JsonTypes.objectSuchAs(EXAMPLE, FreeUChoice::read);
  }

  ObjectNode toJson() {
    return new FieldWriter().put("s1", s1).put("s2", s2).put("b1", b1).put("b2", b2).done();
  }

  private static Optional<FreeUChoice> read(Fields f) {
    Optional<Double> s1 = f.required("s1", FACTOR);
    Optional<Double> s2 = f.required("s2", FACTOR);
    Optional<Double> b1 = f.required("b1", FACTOR);
    Optional<Double> b2 = f.required("b2", FACTOR);
    f.noOthers();
    return f.sound()
        ? Optional.of(new FreeUChoice(s1.get(), s2.get(), b1.get(), b2.get()))
        : Optional.empty();
  }
}

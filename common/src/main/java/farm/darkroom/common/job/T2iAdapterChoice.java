package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One T2I-Adapter and its picture.
 *
 * @param image the picture as the adapter wants it (a sketch, depth, ...)
 * @param conditioningScale what its features are multiplied by
 */
public record T2iAdapterChoice(String model, ImageReference image, double conditioningScale) {
  /** As users write it, for error messages. */
  static final String EXAMPLE = "{\"model\": \"sketch\", \"image\": \"lines.png\"}";

  static JsonType<T2iAdapterChoice> type() {
    return JsonTypes.objectSuchAs(EXAMPLE, T2iAdapterChoice::read);
  }

  ObjectNode toJson() {
    return new FieldWriter()
        .put("model", model)
        .put("image", image.text())
        .putUnless(1.0, "adapter_conditioning_scale", conditioningScale)
        .done();
  }

  T2iAdapterChoice withImages(UnaryOperator<ImageReference> change) {
    return new T2iAdapterChoice(model, change.apply(image), conditioningScale);
  }

  private static Optional<T2iAdapterChoice> read(Fields f) {
    Optional<String> model = f.required("model", Names.model());
    Optional<ImageReference> image = f.required("image", ImageReference.type());
    double scale = f.or("adapter_conditioning_scale", JsonTypes.number(0, 10), 1.0);
    f.noOthers(ForeignNames::ofT2iAdapter);
    return model.flatMap(m -> image.map(i -> new T2iAdapterChoice(m, i, scale)));
  }
}

package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One IP-Adapter and the picture that it makes a prompt of.
 *
 * @param model the adapter's file, as workers call it
 * @param image diffusers' {@code ip_adapter_image}
 * @param scale 0 leaves the picture out
 */
public record IpAdapterChoice(String model, ImageReference image, IpAdapterScale scale) {
  /** As users write it, for error messages. */
  static final String EXAMPLE = "{\"model\": \"ip-adapter_sdxl\", \"image\": \"style.png\"}";

  static JsonType<IpAdapterChoice> type() {
    return JsonTypes.objectSuchAs(EXAMPLE, IpAdapterChoice::read);
  }

  ObjectNode toJson() {
    return new FieldWriter()
        .put("model", model)
        .put("image", image.text())
        .putUnless(IpAdapterScale.WHOLE.toJson(), "scale", scale.toJson())
        .done();
  }

  IpAdapterChoice withImages(UnaryOperator<ImageReference> change) {
    return new IpAdapterChoice(model, change.apply(image), scale);
  }

  private static Optional<IpAdapterChoice> read(Fields f) {
    Optional<String> model = f.required("model", Names.model());
    Optional<ImageReference> image = f.required("image", ImageReference.type());
    IpAdapterScale scale = f.or("scale", IpAdapterScale.type(), IpAdapterScale.WHOLE);
    f.noOthers(ForeignNames::ofIpAdapter);
    return model.flatMap(m -> image.map(i -> new IpAdapterChoice(m, i, scale)));
  }
}

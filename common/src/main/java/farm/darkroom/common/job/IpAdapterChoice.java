package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One IP-Adapter and the pictures that it makes a prompt of.
 *
 * @param model the adapter's file, as workers call it
 * @param images diffusers' {@code ip_adapter_image}, one or several
 * @param scale 0 leaves the pictures out
 */
public record IpAdapterChoice(String model, List<ImageReference> images, IpAdapterScale scale) {
  /** As users write it, for error messages. */
  static final String EXAMPLE = "{\"model\": \"ip-adapter_sdxl\", \"image\": \"style.png\"}";

  private static final int MOST_IMAGES = 16;

  public IpAdapterChoice {
    images = List.copyOf(images);
  }

  static JsonType<IpAdapterChoice> type() {
    return JsonTypes.objectSuchAs(EXAMPLE, IpAdapterChoice::read);
  }

  ObjectNode toJson() {
    return new FieldWriter()
        .put("model", model)
        .putOneOrMore("image", images.stream().map(ImageReference::text).toList())
        .putUnless(IpAdapterScale.WHOLE.toJson(), "scale", scale.toJson())
        .done();
  }

  IpAdapterChoice withImages(UnaryOperator<ImageReference> change) {
    return new IpAdapterChoice(model, images.stream().map(change).toList(), scale);
  }

  private static Optional<IpAdapterChoice> read(Fields f) {
    Optional<String> model = f.required("model", Names.model());
    Optional<List<ImageReference>> images =
        f.required("image", JsonTypes.oneOrMore(ImageReference.type(), MOST_IMAGES));
    IpAdapterScale scale = f.or("scale", IpAdapterScale.type(), IpAdapterScale.WHOLE);
    f.noOthers(ForeignNames::ofIpAdapter);
    return model.flatMap(m -> images.map(i -> new IpAdapterChoice(m, i, scale)));
  }
}

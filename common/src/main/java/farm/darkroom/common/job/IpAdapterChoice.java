package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One IP-Adapter and the pictures that it makes a prompt of.
 *
 * @param model the adapter's file, as workers call it
 * @param images diffusers' {@code ip_adapter_image}, one or several
 * @param masks diffusers' {@code ip_adapter_masks}, where each picture is seen; empty: everywhere
 * @param scales one for all pictures, or with masks one for each; 0 leaves a picture out
 */
public record IpAdapterChoice(
    String model,
    List<ImageReference> images,
    List<ImageReference> masks,
    List<IpAdapterScale> scales) {
  /** As users write it, for error messages. */
  static final String EXAMPLE = "{\"model\": \"ip-adapter_sdxl\", \"image\": \"style.png\"}";

  private static final int MOST_IMAGES = 16;
  private static final List<IpAdapterScale> WHOLE = List.of(IpAdapterScale.WHOLE);

  public IpAdapterChoice {
    images = List.copyOf(images);
    masks = List.copyOf(masks);
    scales = List.copyOf(scales);
  }

  static JsonType<IpAdapterChoice> type() {
    return JsonTypes.objectSuchAs(EXAMPLE, IpAdapterChoice::read);
  }

  ObjectNode toJson() {
    return new FieldWriter()
        .put("model", model)
        .putOneOrMore("image", images.stream().map(ImageReference::text).toList())
        .putOneOrMore("mask", masks.stream().map(ImageReference::text).toList())
        .putOneOrMore(
            "scale",
            scales.equals(WHOLE) ? List.of() : scales.stream().map(IpAdapterScale::toJson).toList())
        .done();
  }

  /** How much picture {@code i} adds. */
  public IpAdapterScale scaleOf(int i) {
    return scales.get(scales.size() == 1 ? 0 : i);
  }

  /** Every picture and every mask. */
  public Stream<ImageReference> pictures() {
    return Stream.concat(images.stream(), masks.stream());
  }

  IpAdapterChoice withImages(UnaryOperator<ImageReference> change) {
    return new IpAdapterChoice(
        model, images.stream().map(change).toList(), masks.stream().map(change).toList(), scales);
  }

  private static Optional<IpAdapterChoice> read(Fields f) {
    Optional<String> model = f.required("model", Names.model());
    Optional<List<ImageReference>> images = f.required("image", some(ImageReference.type()));
    List<ImageReference> masks = f.or("mask", some(ImageReference.type()), List.of());
    List<IpAdapterScale> scales = f.or("scale", some(IpAdapterScale.type()), WHOLE);
    images.ifPresent(all -> checkCounts(f, all.size(), masks.size(), scales.size()));
    f.noOthers(ForeignNames::ofIpAdapter);
    return model.flatMap(m -> images.map(i -> new IpAdapterChoice(m, i, masks, scales)));
  }

  private static void checkCounts(Fields f, int images, int masks, int scales) {
    String counts = "found %d, allowed: %d, one for each picture";
    if (masks != 0 && masks != images) {
      f.refuse("mask", counts.formatted(masks, images));
    }
    if (scales > 1 && !f.has("mask")) {
      f.refuse("scale", "found a list without mask, which it needs");
    } else if (scales > 1 && scales != images) {
      f.refuse("scale", counts.formatted(scales, images));
    }
  }

  private static <T> JsonType<List<T>> some(JsonType<T> type) {
    return JsonTypes.oneOrMore(type, MOST_IMAGES);
  }
}

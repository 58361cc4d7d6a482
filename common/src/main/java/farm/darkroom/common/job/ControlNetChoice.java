package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One ControlNet and its picture.
 *
 * @param image the control picture as the network wants it (edges, depth, ...)
 * @param guidanceStart the share of the schedule at which it begins to steer
 * @param guidanceEnd the share of the schedule at which it ends
 * @param controlMode the kind of picture, for a network that knows several (diffusers:
 *     ControlNetUnionModel)
 */
public record ControlNetChoice(
    String model,
    ImageReference image,
    double conditioningScale,
    double guidanceStart,
    double guidanceEnd,
    Optional<Integer> controlMode) {
  /** As users write it, for error messages. */
  static final String EXAMPLE = "{\"model\": \"canny\", \"image\": \"edges.png\"}";

  private static final int MOST_MODES = 64;

  static JsonType<ControlNetChoice> type(PipelineDefaults defaults) {
    return JsonTypes.objectSuchAs(EXAMPLE, f -> read(f, defaults));
  }

  ObjectNode toJson(PipelineDefaults defaults) {
    return new FieldWriter()
        .put("model", model)
        .put("image", image.text())
        .putUnless(defaults.conditioningScale(), "controlnet_conditioning_scale", conditioningScale)
        .putUnless(0.0, "control_guidance_start", guidanceStart)
        .putUnless(1.0, "control_guidance_end", guidanceEnd)
        .put("control_mode", controlMode)
        .done();
  }

  ControlNetChoice withImages(UnaryOperator<ImageReference> change) {
    return new ControlNetChoice(
        model, change.apply(image), conditioningScale, guidanceStart, guidanceEnd, controlMode);
  }

  private static Optional<ControlNetChoice> read(Fields f, PipelineDefaults defaults) {
    Optional<String> model = f.required("model", Names.model());
    Optional<ImageReference> image = f.required("image", ImageReference.type());
    double scale =
        f.or(
            "controlnet_conditioning_scale", JsonTypes.number(0, 10), defaults.conditioningScale());
    double start = f.or("control_guidance_start", Sampling.SHARE, 0.0);
    double end = f.or("control_guidance_end", Sampling.SHARE, 1.0);
    if (start >= end) {
      f.refuse("control_guidance_start", "found " + start + ", allowed: less than " + end);
    }
    Optional<Integer> mode = f.optional("control_mode", JsonTypes.integer(0, MOST_MODES - 1));
    f.noOthers(ForeignNames::ofControlNet);
    return model.flatMap(m -> image.map(i -> new ControlNetChoice(m, i, scale, start, end, mode)));
  }
}

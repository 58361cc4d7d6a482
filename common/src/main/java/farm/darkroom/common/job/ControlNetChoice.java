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
 * One ControlNet and its picture, or a union's pictures, which it sees in one pass.
 *
 * @param images the control pictures as the network wants them (edges, depth, ...)
 * @param conditioningScales one for all pictures, or one for each
 * @param guidanceStarts the share of the schedule at which it begins to steer; as many
 * @param guidanceEnds the share of the schedule at which it ends; as many
 * @param controlModes the kind of each picture, for a network that knows several (diffusers:
 *     ControlNetUnionModel); empty for others
 */
public record ControlNetChoice(
    String model,
    List<ImageReference> images,
    List<Double> conditioningScales,
    List<Double> guidanceStarts,
    List<Double> guidanceEnds,
    List<Integer> controlModes) {
  /** As users write it, for error messages. */
  static final String EXAMPLE = "{\"model\": \"canny\", \"image\": \"edges.png\"}";

  private static final int MOST_IMAGES = 16;
  private static final int MOST_MODES = 64;
  private static final String SCALE = "controlnet_conditioning_scale";
  private static final String START = "control_guidance_start";
  private static final String END = "control_guidance_end";
  private static final String MODE = "control_mode";
  private static final List<Double> BEGINNING = List.of(0.0);
  private static final List<Double> WHOLE = List.of(1.0);

  public ControlNetChoice {
    images = List.copyOf(images);
    conditioningScales = List.copyOf(conditioningScales);
    guidanceStarts = List.copyOf(guidanceStarts);
    guidanceEnds = List.copyOf(guidanceEnds);
    controlModes = List.copyOf(controlModes);
  }

  static JsonType<ControlNetChoice> type(PipelineDefaults defaults) {
    return JsonTypes.objectSuchAs(EXAMPLE, f -> read(f, defaults));
  }

  ObjectNode toJson(PipelineDefaults defaults) {
    return new FieldWriter()
        .put("model", model)
        .putOneOrMore("image", images.stream().map(ImageReference::text).toList())
        .putOneOrMore(SCALE, unless(scales(defaults), conditioningScales))
        .putOneOrMore(START, unless(BEGINNING, guidanceStarts))
        .putOneOrMore(END, unless(WHOLE, guidanceEnds))
        .putOneOrMore(MODE, controlModes)
        .done();
  }

  /** How much picture {@code i} steers. */
  public double scaleOf(int i) {
    return of(conditioningScales, i);
  }

  /** Where picture {@code i} begins to steer. */
  public double startOf(int i) {
    return of(guidanceStarts, i);
  }

  /** Where picture {@code i} ends. */
  public double endOf(int i) {
    return of(guidanceEnds, i);
  }

  /** The field that has a value for each picture of its own; empty: all pictures have the same. */
  Optional<String> fieldByPicture() {
    if (conditioningScales.size() > 1) {
      return Optional.of(SCALE);
    }
    if (guidanceStarts.size() > 1) {
      return Optional.of(START);
    }
    return guidanceEnds.size() > 1 ? Optional.of(END) : Optional.empty();
  }

  ControlNetChoice withImages(UnaryOperator<ImageReference> change) {
    return new ControlNetChoice(
        model,
        images.stream().map(change).toList(),
        conditioningScales,
        guidanceStarts,
        guidanceEnds,
        controlModes);
  }

  private static Optional<ControlNetChoice> read(Fields f, PipelineDefaults defaults) {
    Optional<String> model = f.required("model", Names.model());
    Optional<List<ImageReference>> images = f.required("image", some(ImageReference.type()));
    List<Double> scales = f.or(SCALE, some(JsonTypes.number(0, 10)), scales(defaults));
    List<Double> starts = f.or(START, some(Sampling.SHARE), BEGINNING);
    List<Double> ends = f.or(END, some(Sampling.SHARE), WHOLE);
    List<Integer> modes = f.or(MODE, some(JsonTypes.integer(0, MOST_MODES - 1)), List.of());
    if (f.sound()) {
      int count = images.orElseThrow().size();
      checkModes(f, count, modes.size());
      checkCount(f, SCALE, count, scales.size());
      checkCount(f, START, count, starts.size());
      checkCount(f, END, count, ends.size());
    }
    if (f.sound()) {
      checkWindows(f, starts, ends);
    }
    f.noOthers(ForeignNames::ofControlNet);
    return model.flatMap(
        m -> images.map(i -> new ControlNetChoice(m, i, scales, starts, ends, modes)));
  }

  private static void checkModes(Fields f, int images, int modes) {
    if (modes == 0 && images > 1) {
      f.refuse("image", "found a list without control_mode, which it needs");
    } else if (modes != 0 && modes != images) {
      f.refuse(MODE, counts(modes, images));
    }
  }

  private static void checkCount(Fields f, String name, int images, int values) {
    if (values != 1 && values != images) {
      f.refuse(name, counts(values, images));
    }
  }

  private static String counts(int found, int images) {
    return "found %d, allowed: %d, one for each picture".formatted(found, images);
  }

  private static void checkWindows(Fields f, List<Double> starts, List<Double> ends) {
    for (int i = 0; i < Math.max(starts.size(), ends.size()); i++) {
      if (of(starts, i) >= of(ends, i)) {
        f.refuse(START, "found " + of(starts, i) + ", allowed: less than " + of(ends, i));
      }
    }
  }

  private static double of(List<Double> values, int i) {
    return values.get(values.size() == 1 ? 0 : i);
  }

  private static List<Double> scales(PipelineDefaults defaults) {
    return List.of(defaults.conditioningScale());
  }

  private static List<Double> unless(List<Double> absent, List<Double> values) {
    return values.equals(absent) ? List.of() : values;
  }

  private static <T> JsonType<List<T>> some(JsonType<T> type) {
    return JsonTypes.oneOrMore(type, MOST_IMAGES);
  }
}

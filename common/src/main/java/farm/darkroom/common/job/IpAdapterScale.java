package farm.darkroom.common.job;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How much the picture of an IP-Adapter adds to the UNet's attentions, as {@code
 * set_ip_adapter_scale} takes it: one number, or numbers by block. A block without one adds
 * nothing.
 *
 * @param everywhere the one number; empty where there are numbers by block
 * @param blocks under {@code down}, {@code down.block_2}, {@code mid}, {@code up} and so on: one
 *     number for all attentions of a block, or one for each
 */
public record IpAdapterScale(Optional<Double> everywhere, SortedMap<String, List<Double>> blocks) {
  /** As diffusers begins. */
  static final IpAdapterScale WHOLE = of(1.0);

  private static final List<String> HALVES = List.of("down", "up");
  private static final String MIDDLE = "mid";
  private static final String BLOCK = "block_";
  private static final int MOST_BLOCKS = 10;
  private static final int MOST_ATTENTIONS = 100;
  private static final JsonType<Double> NUMBER = JsonTypes.number(-10, 10);

  private static final JsonType<List<Double>> NUMBERS =
      JsonTypes.oneOrMore(NUMBER, MOST_ATTENTIONS);

  public IpAdapterScale {
    requireNonNull(everywhere, "everywhere");
    blocks = Collections.unmodifiableSortedMap(new TreeMap<>(blocks));
  }

  /** One number for all attentions. */
  public static IpAdapterScale of(double everywhere) {
    return new IpAdapterScale(Optional.of(everywhere), Collections.emptySortedMap());
  }

  static JsonType<IpAdapterScale> type() {
    JsonType<IpAdapterScale> number = NUMBER.as(IpAdapterScale::of);
    JsonType<IpAdapterScale> byBlock = JsonTypes.object(f -> Optional.of(byBlock(f)));
    return (value, path, problems) ->
        (value.isObject() ? byBlock : number).read(value, path, problems);
  }

  private static IpAdapterScale byBlock(Fields f) {
    SortedMap<String, List<Double>> blocks = new TreeMap<>();
    f.optional(MIDDLE, NUMBERS).ifPresent(numbers -> blocks.put(MIDDLE, numbers));
    for (String half : HALVES) {
      f.optional(half, half(half)).ifPresent(blocks::putAll);
    }
    f.noOthers();
    return new IpAdapterScale(Optional.empty(), blocks);
  }

  private static JsonType<Map<String, List<Double>>> half(String name) {
    JsonType<Map<String, List<Double>>> whole = NUMBERS.as(numbers -> Map.of(name, numbers));
    JsonType<Map<String, List<Double>>> byBlock = JsonTypes.object(f -> Optional.of(half(name, f)));
    return (value, path, problems) ->
        (value.isObject() ? byBlock : whole).read(value, path, problems);
  }

  private static Map<String, List<Double>> half(String name, Fields f) {
    Map<String, List<Double>> blocks = new TreeMap<>();
    for (int i = 0; i < MOST_BLOCKS; i++) {
      String block = BLOCK + i;
      f.optional(block, NUMBERS).ifPresent(numbers -> blocks.put(name + "." + block, numbers));
    }
    f.noOthers();
    return blocks;
  }

  /** A number, or an object. */
  Object toJson() {
    return everywhere.<Object>map(number -> number).orElseGet(this::blocksToJson);
  }

  private Object blocksToJson() {
    FieldWriter out = new FieldWriter().put(MIDDLE, Optional.ofNullable(numbers(MIDDLE)));
    for (String half : HALVES) {
      FieldWriter inner = new FieldWriter();
      blocks.tailMap(half + ".").forEach((name, list) -> putBlock(inner, half + ".", name));
      boolean byBlock = !inner.done().isEmpty();
      out.put(half, byBlock ? inner.done() : Optional.ofNullable(numbers(half)));
    }
    return out.done();
  }

  private void putBlock(FieldWriter out, String half, String name) {
    if (name.startsWith(half)) {
      out.put(name.substring(half.length()), numbers(name));
    }
  }

  private Object numbers(String name) {
    List<Double> numbers = blocks.get(name);
    return numbers == null || numbers.size() > 1 ? numbers : numbers.get(0);
  }
}

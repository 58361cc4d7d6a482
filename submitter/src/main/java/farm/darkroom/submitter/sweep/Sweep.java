package farm.darkroom.submitter.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import farm.darkroom.common.json.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A job with dimensions: {@code matrix} gives fields a list of values each, {@code words} gives
 * words that stand in braces in the prompts a list of texts each. It expands to the cross product,
 * in the order written, the last dimension fastest; without either it is one job. Immutable.
 *
 * <pre>{@code
 * {"model": "demo", "prompt": "a {colour} {solid}", "seed": 1,
 *  "matrix": {"guidance_scale": [3, 5], "scheduler": ["Euler a", "DPM++ 2M Karras"]},
 *  "words": {"colour": ["red", "blue"], "solid": ["cube", "cone", "ball"]}}
 * }</pre>
 */
public final class Sweep {
  /** The most jobs of one sweep. */
  public static final long MOST_JOBS = 1_000_000;

  private static final int MOST_VALUES = 100_000;
  private static final String MATRIX = "matrix";
  private static final String WORDS = "words";
  private static final JsonType<List<JsonNode>> VALUES =
      JsonTypes.listOf((value, path, problems) -> Optional.of(value), 1, MOST_VALUES);
  private static final JsonType<List<JsonNode>> TEXTS =
      JsonTypes.listOf(
          (value, path, problems) ->
              JsonTypes.text(20_000).read(value, path, problems).map(text -> value),
          1,
          MOST_VALUES);

  private final ObjectNode base;
  private final List<Axis> axes;

  private Sweep(ObjectNode base, List<Axis> axes) {
    this.base = base;
    this.axes = List.copyOf(axes);
  }

  /**
   * Reads the dimensions.
   *
   * @param written a job that may have {@code matrix} and {@code words}
   * @throws FarmException INVALID_JOB when those are wrong; the jobs themselves are not checked
   */
  public static Sweep of(ObjectNode written) {
    Problems problems = new Problems();
    List<Axis> axes = new ArrayList<>();
    lists(written, MATRIX, VALUES, problems)
        .forEach((path, values) -> axes.add(field(written, path, values, problems)));
    lists(written, WORDS, TEXTS, problems)
        .forEach((name, texts) -> axes.add(word(written, name, texts, problems)));
    problems.throwIfAny();
    ObjectNode base = written.deepCopy();
    base.remove(List.of(MATRIX, WORDS));
    Sweep sweep = new Sweep(base, axes);
    sweep.refuseTooMany();
    return sweep;
  }

  /** The product of the dimensions' lengths. */
  public long count() {
    return axes.stream().mapToLong(axis -> axis.values().size()).reduce(1, Sweep::product);
  }

  /** Every job, as JSON that is not yet checked, made as it is asked for. */
  public Stream<ObjectNode> jobs() {
    return LongStream.range(0, count()).mapToObj(this::job);
  }

  private ObjectNode job(long index) {
    int[] chosen = new int[axes.size()];
    long rest = index;
    for (int i = axes.size() - 1; i >= 0; i--) {
      int length = axes.get(i).values().size();
      chosen[i] = (int) (rest % length);
      rest /= length;
    }
    ObjectNode job = base.deepCopy();
    for (int i = 0; i < chosen.length; i++) {
      Axis axis = axes.get(i);
      axis.apply(job, axis.values().get(chosen[i]).deepCopy());
    }
    return job;
  }

  private void refuseTooMany() {
    if (count() > MOST_JOBS) {
      throw FarmException.invalidJob(
          "$: found dimensions of more than " + MOST_JOBS + " jobs, allowed: " + MOST_JOBS);
    }
  }

  private static Map<String, List<JsonNode>> lists(
      ObjectNode written, String field, JsonType<List<JsonNode>> type, Problems problems) {
    Map<String, List<JsonNode>> lists = new LinkedHashMap<>();
    JsonNode dimensions = written.path(field);
    if (!dimensions.isObject() && !dimensions.isMissingNode()) {
      problems.add("$." + field, "found no object, allowed: an object of lists");
    }
    dimensions
        .properties()
        .forEach(
            d ->
                type.read(d.getValue(), "$." + field + "." + d.getKey(), problems)
                    .ifPresent(values -> lists.put(d.getKey(), values)));
    return lists;
  }

  private static Axis field(
      ObjectNode written, String path, List<JsonNode> values, Problems problems) {
    if (new WordAxis(path, values).isUsedIn(written)) {
      problems.add(
          "$." + MATRIX + "." + path,
          "found a word of the prompts, allowed: fields; words go into " + WORDS);
    }
    return new FieldAxis(path, values);
  }

  private static Axis word(
      ObjectNode written, String name, List<JsonNode> texts, Problems problems) {
    WordAxis word = new WordAxis(name, texts);
    if (!word.isUsedIn(written)) {
      problems.add("$." + WORDS + "." + name, "no prompt has the word {" + name + "}");
    }
    return word;
  }

  /** Saturates just above {@link #MOST_JOBS}. */
  private static long product(long count, long length) {
    return Math.min(count * length, MOST_JOBS + 1);
  }
}

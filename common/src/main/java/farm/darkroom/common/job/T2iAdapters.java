package farm.darkroom.common.job;

import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonTypes;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The T2I-Adapters of a job.
 *
 * @param conditioningFactor the share of the steps, from the first one on, that they steer
 */
public record T2iAdapters(List<T2iAdapterChoice> choices, double conditioningFactor) {
  static final String NAME = "t2i_adapter";
  private static final String FACTOR = "adapter_conditioning_factor";
  private static final int MOST = 4;

  public T2iAdapters {
    choices = List.copyOf(choices);
  }

  static T2iAdapters read(Fields f) {
    if (f.has(FACTOR) && !f.hasSome(NAME)) {
      f.refuse(FACTOR, "found without " + NAME + ", which it needs");
    }
    return new T2iAdapters(
        f.or(
            NAME,
            JsonTypes.listSuchAs(T2iAdapterChoice.EXAMPLE, T2iAdapterChoice.type(), 0, MOST),
            List.of()),
        f.or(FACTOR, Sampling.SHARE, 1.0));
  }

  void write(FieldWriter out) {
    out.putUnless(List.of(), NAME, choices.stream().map(T2iAdapterChoice::toJson).toList())
        .putUnless(1.0, FACTOR, conditioningFactor);
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return choices.isEmpty();
  }

  T2iAdapters withImages(UnaryOperator<ImageReference> change) {
    return new T2iAdapters(
        choices.stream().map(c -> c.withImages(change)).toList(), conditioningFactor);
  }
}

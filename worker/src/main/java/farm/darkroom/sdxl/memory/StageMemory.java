package farm.darkroom.sdxl.memory;

import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.List;

/**
 * One stage of a picture: the weights that it uses, the tensors that it makes and its work.
 *
 * @param name {@code text}, {@code picture}, {@code encode}, {@code denoise} or {@code decode}
 * @param weights bytes of all of its weights in compute dtype
 * @param passing bytes of the two neighbouring weight groups that are largest together: what is
 *     there at once where weights come and go by group
 * @param laidOut bytes that are there beside the result while its largest tensor is laid out
 * @param tensors bytes of tensors at the worst moment
 * @param work floating-point operations
 * @param streamed bytes of weights that it brings in where they come and go by group
 */
public record StageMemory(
    String name,
    long weights,
    long passing,
    long laidOut,
    long tensors,
    double work,
    double streamed) {

  /**
   * What weights take.
   *
   * @param once groups that the stage uses once, before the others
   * @param each groups that every pass uses, in that order
   * @param passes how many there are
   */
  public record Groups(List<WeightGroup> once, List<WeightGroup> each, int passes) {

    public Groups {
      once = List.copyOf(once);
      each = List.copyOf(each);
    }

    private double streamed(Precision precision) {
      return bytes(once, precision) + (double) passes * bytes(each, precision);
    }

    private long passing(Precision precision) {
      return Math.max(neighbours(once, precision), neighbours(each, precision));
    }

    private long largest(Precision precision) {
      return Math.max(largest(once, precision), largest(each, precision));
    }

    private static long neighbours(List<WeightGroup> groups, Precision precision) {
      long most = groups.size() == 1 ? bytes(groups, precision) : 0;
      for (int i = 0; i + 1 < groups.size(); i++) {
        most = Math.max(most, bytes(groups.subList(i, i + 2), precision));
      }
      return most;
    }

    private static long largest(List<WeightGroup> groups, Precision precision) {
      return groups.stream()
          .flatMap(group -> group.weights().stream())
          .mapToLong(precision::whileLaidOut)
          .max()
          .orElse(0);
    }

    private static long bytes(List<WeightGroup> groups, Precision precision) {
      return groups.stream().mapToLong(precision::bytes).sum();
    }
  }

  /** A stage with these weights. */
  public static StageMemory of(
      String name, Groups groups, Precision precision, long tensors, double work) {
    return new StageMemory(
        name,
        Groups.bytes(groups.once(), precision) + Groups.bytes(groups.each(), precision),
        groups.passing(precision),
        groups.largest(precision),
        tensors,
        work,
        groups.streamed(precision));
  }
}

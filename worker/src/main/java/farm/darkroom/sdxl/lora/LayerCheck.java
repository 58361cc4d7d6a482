package farm.darkroom.sdxl.lora;

import farm.darkroom.sdxl.weights.StoredTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks that the tensors of a layer fit each other and the weight that they change. */
final class LayerCheck {
  private static final String EACH = "a row each";

  private LayerCheck() {}

  /**
   * What is wrong; empty when all fits.
   *
   * @param weight {@code [out, in]} or {@code [out, in, kernel, kernel]}
   */
  static Optional<String> complaint(Layer layer, StoredTensor weight) {
    Optional<StoredTensor> down = layer.find(Part.DOWN);
    Optional<StoredTensor> up = layer.find(Part.UP);
    if (down.isEmpty() || up.isEmpty()) {
      String there = layer.parts().values().iterator().next().name();
      return Optional.of(
          "%s stands without its %s weight".formatted(there, down.isEmpty() ? "down" : "up"));
    }
    long rows = weight.shape().get(0);
    return downComplaint(down.get(), weight.shape())
        .or(() -> upComplaint(up.get(), down.get().shape().get(0), weight.shape()))
        .or(() -> layer.find(Part.ALPHA).flatMap(LayerCheck::alphaComplaint))
        .or(() -> layer.find(Part.MAGNITUDE).flatMap(found -> magnitudeComplaint(found, rows)))
        .or(() -> layer.find(Part.BIAS).flatMap(found -> complaint(found, List.of(rows), EACH)));
  }

  private static Optional<String> downComplaint(StoredTensor down, List<Long> weight) {
    long rank = down.shape().isEmpty() ? 0 : down.shape().get(0);
    List<Long> rest = weight.subList(1, weight.size());
    return rank < 1
        ? Optional.of(
            "%s is %s, expected a rank from 1 on, then %s"
                .formatted(down.name(), down.shape(), rest))
        : complaint(down, shape(rank, rest), "rank first");
  }

  private static Optional<String> upComplaint(StoredTensor up, long rank, List<Long> weight) {
    List<Long> rest = Stream.concat(Stream.of(rank), ones(weight.size() - 2)).toList();
    return complaint(up, shape(weight.get(0), rest), "rank " + rank);
  }

  private static Optional<String> alphaComplaint(StoredTensor alpha) {
    return alpha.elements() == 1
        ? Optional.empty()
        : Optional.of("%s is %s, expected one number".formatted(alpha.name(), alpha.shape()));
  }

  private static Optional<String> magnitudeComplaint(StoredTensor found, long out) {
    boolean fits =
        found.type().isFloating() && found.elements() == out && found.shape().contains(out);
    return fits
        ? Optional.empty()
        : Optional.of(
            "%s is %s %s, expected %d numbers (one for each row)"
                .formatted(found.name(), found.type(), found.shape(), out));
  }

  private static Optional<String> complaint(StoredTensor found, List<Long> expected, String why) {
    if (!found.type().isFloating()) {
      return Optional.of(
          "%s is %s, expected F32, F16, BF16 or F8".formatted(found.name(), found.type()));
    }
    return found.shape().equals(expected) && found.elements() > 0
        ? Optional.empty()
        : Optional.of(
            "%s is %s, expected %s (%s)".formatted(found.name(), found.shape(), expected, why));
  }

  private static List<Long> shape(long first, List<Long> rest) {
    List<Long> shape = new ArrayList<>(List.of(first));
    shape.addAll(rest);
    return shape;
  }

  private static Stream<Long> ones(int count) {
    return Stream.generate(() -> 1L).limit(count);
  }
}

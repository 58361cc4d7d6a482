package farm.darkroom.sdxl.snapshot;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.StoredTensor;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares a component's file with the tensors and shapes that its model expects. */
public final class WeightCheck {
  private static final int NAMED = 3;

  private WeightCheck() {}

  /**
   * Checks that every weight is there, in the shape that the model expects.
   *
   * @throws SdxlException naming file, tensor, found and expected
   */
  public static void check(Checkpoint checkpoint, List<WeightGroup> groups) {
    List<String> faults = tensorFaults(checkpoint, groups);
    if (!faults.isEmpty()) {
      throw new SdxlException(
          checkpoint.name() + " (" + checkpoint.files().get(0) + "): " + summary(faults));
    }
  }

  /** All that {@link #check} would refuse, a line for each tensor. */
  public static List<String> faults(Checkpoint checkpoint, List<WeightGroup> groups) {
    String where = checkpoint.files().get(0) + ": " + checkpoint.name() + " ";
    return tensorFaults(checkpoint, groups).stream().map(where::concat).toList();
  }

  private static List<String> tensorFaults(Checkpoint checkpoint, List<WeightGroup> groups) {
    List<String> faults = new ArrayList<>();
    for (WeightGroup group : groups) {
      for (WeightSpec weight : group.weights()) {
        checkpoint
            .find(weight.tensor())
            .ifPresentOrElse(
                tensor -> shape(checkpoint, weight, tensor, faults),
                () -> faults.add(weight.tensor() + " " + weight.shape() + " is missing"));
      }
    }
    if (checkpoint.isWhole()) {
      others(checkpoint, groups).forEach(name -> faults.add(name + " is not part of this model"));
    }
    return faults;
  }

  /**
   * What a file of a whole pipeline holds beside a component, which diffusers passes over; empty
   * where nothing.
   */
  public static Optional<String> warning(Checkpoint checkpoint, List<WeightGroup> groups) {
    List<String> others = others(checkpoint, groups);
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: passed over, as no part of %s, is what it holds beside it (%d): %s"
                .formatted(
                    checkpoint.files().get(0).getFileName(),
                    checkpoint.name(),
                    others.size(),
                    summary(others)));
  }

  private static List<String> others(Checkpoint checkpoint, List<WeightGroup> groups) {
    Set<String> expected = new HashSet<>();
    groups.forEach(group -> group.weights().forEach(weight -> expected.add(weight.tensor())));
    return checkpoint.tensors().keySet().stream()
        .filter(name -> !expected.contains(name) && !name.endsWith("position_ids"))
        .toList();
  }

  private static void shape(
      Checkpoint checkpoint, WeightSpec weight, StoredTensor tensor, List<String> faults) {
    if (!tensor.type().isFloating()) {
      faults.add(weight.tensor() + " is " + tensor.type() + ", expected F32, F16, BF16 or F8");
    }
    if (!tensor.shape().equals(weight.shape())) {
      faults.add(
          weight.tensor()
              + " is "
              + tensor.shape()
              + ", expected "
              + weight.shape()
              + (checkpoint.files().size() > 1 ? " in " + checkpoint.fileOf(weight.tensor()) : ""));
    }
  }

  private static String summary(List<String> faults) {
    String named = String.join("; ", faults.subList(0, Math.min(NAMED, faults.size())));
    return faults.size() <= NAMED ? named : named + "; and " + (faults.size() - NAMED) + " more";
  }
}

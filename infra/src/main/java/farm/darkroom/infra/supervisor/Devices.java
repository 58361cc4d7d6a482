package farm.darkroom.infra.supervisor;

import farm.darkroom.common.Counted;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Parses {@code --devices}: {@code all}, or a list in which a device may appear more than once. */
public final class Devices {
  private static final String ALL = "all";
  private static final String CPU = "cpu";
  private static final String CUDA = "cuda:";
  private static final Pattern DEVICE = Pattern.compile("cpu|cuda:\\d{1,3}");
  private static final int MOST = 64;

  private Devices() {}

  /**
   * One name for each process to be started.
   *
   * @param gpus how many there are here; asked only when it matters
   * @throws FarmException WORKER_UNFIT naming what was found and what is allowed
   */
  public static List<String> of(String typed, IntSupplier gpus) {
    if (typed.strip().equals(ALL)) {
      int found = gpus.getAsInt();
      return found == 0
          ? List.of(CPU)
          : IntStream.range(0, found).mapToObj(index -> CUDA + index).toList();
    }
    List<String> devices = Arrays.stream(typed.split(",", -1)).map(String::strip).toList();
    if (devices.size() > MOST || !devices.stream().allMatch(d -> DEVICE.matcher(d).matches())) {
      throw refused(
          "found '%s', allowed: all, or up to %d of cpu and cuda:N with commas"
              .formatted(typed, MOST));
    }
    int found = devices.stream().anyMatch(d -> d.startsWith(CUDA)) ? gpus.getAsInt() : 0;
    devices.stream()
        .filter(d -> d.startsWith(CUDA) && Integer.parseInt(d.substring(CUDA.length())) >= found)
        .findFirst()
        .ifPresent(
            device -> {
              throw refused(
                  "found '%s', libtorch finds %s here".formatted(device, Counted.of(found, "GPU")));
            });
    return devices;
  }

  /** A worker's name for each device, such as {@code box-cuda0}, {@code box-cpu-2}. */
  public static List<String> names(String base, List<String> devices) {
    List<String> names = new ArrayList<>();
    for (String device : devices) {
      String name = base + "-" + device.replace(":", "");
      long before = devices.subList(0, names.size()).stream().filter(device::equals).count();
      names.add(before == 0 ? name : name + "-" + (before + 1));
    }
    return names;
  }

  private static FarmException refused(String what) {
    return new FarmException(FailureKind.WORKER_UNFIT, "--devices: " + what);
  }
}

package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a render was made, for the record.
 *
 * @param modelFiles SHA-256 of each file of weights, by {@code model/file}
 * @param versions of engine and libraries, by name
 * @param device such as {@code cpu} or {@code cuda:0}
 * @param dtype such as {@code float32}
 * @param threads that computed
 * @param plan the plan that worked
 * @param timings where the time went
 * @param warnings what the user should know, such as a prompt that was cut
 */
public record Making(
    SortedMap<String, String> modelFiles,
    SortedMap<String, String> versions,
    String device,
    String dtype,
    int threads,
    RenderPlan plan,
    Timings timings,
    List<String> warnings) {

  /**
   * Seconds.
   *
   * @param load until the pipeline was ready; 0 when it was
   * @param step for each step, on average
   * @param render all in all, without load
   */
  public record Timings(double load, double step, double render) {}

  public Making {
    modelFiles = Collections.unmodifiableSortedMap(new TreeMap<>(modelFiles));
    versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    requireNonNull(device, "device");
    requireNonNull(dtype, "dtype");
    requireNonNull(plan, "plan");
    requireNonNull(timings, "timings");
    warnings = List.copyOf(warnings);
  }
}

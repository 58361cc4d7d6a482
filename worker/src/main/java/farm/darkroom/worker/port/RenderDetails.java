package farm.darkroom.worker.port;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.RenderTimings;
import farm.darkroom.common.job.SchedulerChoice;
import farm.darkroom.common.job.WeightFile;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a job was rendered, for its record.
 *
 * @param device such as {@code cpu} or {@code cuda:0}
 * @param dtype such as {@code float32}
 * @param scheduler that was used, with its whole config
 * @param plan the plan that worked
 * @param threads that computed
 * @param microBatch the most pictures that a pass of the model had, this job's included
 * @param versions of engine and libraries, by name
 * @param weights the files that were used
 * @param warnings what the user should know, such as a prompt that was cut
 */
public record RenderDetails(
    String device,
    String dtype,
    SchedulerChoice scheduler,
    RenderPlan plan,
    int threads,
    int microBatch,
    SortedMap<String, String> versions,
    List<WeightFile> weights,
    RenderTimings timings,
    List<String> warnings) {

  public RenderDetails {
    requireNonNull(device, "device");
    requireNonNull(dtype, "dtype");
    requireNonNull(scheduler, "scheduler");
    requireNonNull(plan, "plan");
    versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    weights = List.copyOf(weights);
    requireNonNull(timings, "timings");
    warnings = List.copyOf(warnings);
  }
}

package farm.darkroom.worker.render.plan;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.render.engine.EngineSettings;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * The memory of the device that renders.
 *
 * @param planner for devices of its kind
 * @param free what there is, for a render that maps so many bytes of files
 * @param limit that was typed
 */
record DeviceMemory(Planner planner, LongFunction<Budget> free, OptionalLong limit) {

  DeviceMemory {
    requireNonNull(planner, "planner");
    requireNonNull(free, "free");
    requireNonNull(limit, "limit");
  }

  /** The device of the settings. */
  static DeviceMemory of(EngineSettings settings) {
    OptionalLong limit =
        settings.memoryLimit().map(OptionalLong::of).orElseGet(OptionalLong::empty);
    if (settings.gpu().isEmpty()) {
      return new DeviceMemory(Planner.CPU, new HostMemory(Path.of("/"))::budget, limit);
    }
    GpuMemory gpu = new GpuMemory(settings.gpu().getAsInt());
    return new DeviceMemory(Planner.GPU, mapped -> gpu.budget(), limit);
  }

  /** The memory that a render may use, including what is used now. */
  Budget budget(long mapped) {
    Budget there = free.apply(mapped);
    return limit.isPresent()
        ? there.orLess(new Budget(limit.getAsLong(), "--memory-limit", true))
        : there;
  }
}

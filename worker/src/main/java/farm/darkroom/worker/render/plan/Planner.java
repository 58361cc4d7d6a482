package farm.darkroom.worker.render.plan;

import farm.darkroom.sdxl.memory.StageMemory;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.port.VaeTiles;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToLongFunction;

/**
 * Works out what every way to render a job takes, and in which order they are wanted: first those
 * that give the exact picture, the fastest first, then those with ever smaller tiles of the VAE. A
 * pure calculation; docs/memory.md has the formula and what was measured.
 *
 * @param process bytes that the process has before any model, on the device that is planned for
 * @param waste what allocators hold beside the tensors that are alive, where weights stay
 * @param frugal the same where weights come and go by block, and freed memory goes back at once
 * @param workPerByte floating-point operations in the time that a byte of weights takes to come
 */
record Planner(long process, Waste waste, Waste frugal, double workPerByte) {

  /** A CPU: weights and tensors are the process's own memory. */
  static final Planner CPU =
      new Planner(270_000_000L, new Waste(1.8, 700_000_000L), new Waste(0.3, 200_000_000L), 60);

  /** A GPU: what the process has is the driver's context, which free memory already lacks. */
  static final Planner GPU =
      new Planner(0, new Waste(0.3, 1_000_000_000L), new Waste(0.3, 1_000_000_000L), 5_000);

  /**
   * Memory that is free and held all the same.
   *
   * @param share of the tensors that are alive
   * @param most bytes
   */
  record Waste(double share, long most) {
    private long of(StageMemory stage) {
      return Math.min(most, Math.round(share * stage.tensors()));
    }
  }

  /**
   * What a job takes under one tiling of the VAE.
   *
   * @param tiles the tiling
   * @param pixels the side of a tile, if there are any
   * @param models the stages of each pipeline of the job: the base, then the refiner
   * @param rest bytes of finished pictures, which are kept outside the engine, and of what merging
   *     networks takes for a moment
   */
  record Footprint(VaeTiles tiles, OptionalInt pixels, List<List<StageMemory>> models, long rest) {

    Footprint {
      models = List.copyOf(models);
    }

    private List<StageMemory> stages() {
      return models.stream().flatMap(List::stream).toList();
    }
  }

  /**
   * The table of a job.
   *
   * @param ways to take pictures, whole first; never empty
   * @param allowed residencies, fastest first; never empty
   */
  PlanTable table(List<Footprint> ways, List<Residency> allowed, Budget budget) {
    double fastest = work(ways.get(0));
    List<PlanRow> rows = new ArrayList<>();
    for (Footprint way : ways) {
      for (Residency residency : allowed) {
        long peak = peak(way, residency);
        double slowdown = (work(way) + workPerByte * uploadedBytes(way, residency)) / fastest;
        RenderPlan plan = new RenderPlan(residency, way.tiles(), false);
        rows.add(
            new PlanRow(plan, way.pixels(), peak, Math.max(1, slowdown), peak <= budget.bytes()));
      }
    }
    return new PlanTable(rows, budget);
  }

  private long peak(Footprint way, Residency residency) {
    long most =
        switch (residency) {
          case RESIDENT ->
              way.stages().stream().mapToLong(StageMemory::weights).sum()
                  + most(way, stage -> stage.laidOut() + stage.tensors() + waste.of(stage));
          case MODEL ->
              most(
                  way,
                  stage -> stage.weights() + stage.laidOut() + stage.tensors() + waste.of(stage));
          case SEQUENTIAL ->
              most(
                  way,
                  stage -> stage.passing() + stage.laidOut() + stage.tensors() + frugal.of(stage));
        };
    return process + way.rest() + most;
  }

  private static long most(Footprint way, ToLongFunction<StageMemory> bytes) {
    return way.stages().stream().mapToLong(bytes).max().orElse(0);
  }

  private static double work(Footprint way) {
    return way.stages().stream().mapToDouble(StageMemory::work).sum();
  }

  /** Bytes of weights that come to the device for one picture. */
  private static double uploadedBytes(Footprint way, Residency residency) {
    return switch (residency) {
      case RESIDENT -> 0;
      case MODEL -> way.stages().stream().mapToDouble(StageMemory::weights).sum();
      case SEQUENTIAL -> way.stages().stream().mapToDouble(StageMemory::streamed).sum();
    };
  }
}

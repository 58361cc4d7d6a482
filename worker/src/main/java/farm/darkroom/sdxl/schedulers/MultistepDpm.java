package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.function.IntFunction;

/**
 * The multistep loop of DPM-Solver, for variance-preserving and EDM samplers alike. Stateful: it
 * keeps the model outputs of the last steps.
 */
final class MultistepDpm {
  private static final int FEW_STEPS = 15;

  private final SchedulerConfig config;
  private final LatentMath math;
  private final DpmSolver.Algorithm algorithm;
  private final ModelConversion conversion;
  private final History outputs;

  MultistepDpm(SchedulerConfig config, LatentMath math) {
    this.config = config;
    this.math = math;
    algorithm = DpmSolver.Algorithm.of(config);
    conversion = new ModelConversion(config, math);
    outputs = new History(config.whole("solver_order"));
  }

  /**
   * Where in the schedule a step stands.
   *
   * @param points the noise level at an index
   */
  record Stage(int index, int count, Prediction prediction, IntFunction<SolverPoint> points) {
    /** 0 is where the step begins, 1 the step before; -1 is where it ends. */
    SolverPoint back(int steps) {
      return points.apply(index - steps);
    }

    int left() {
      return count - index;
    }
  }

  void forget() {
    outputs.clear();
  }

  NDArray step(Stage stage, NDArray modelOutput, NDArray sample, NoiseSource noise) {
    outputs.push(
        conversion.convert(
            algorithm.predictsClean(), stage.back(0), stage.prediction(), modelOutput, sample));
    int order = order(stage);
    boolean midpoint = order == 2 && config.is("solver_type", "midpoint");
    DpmSolver update = algorithm.update(stage.back(-1), stage.back(0), midpoint);
    try (LinearCombination mix = new LinearCombination(math)) {
      mix.add(update.sample(), sample);
      addOutputs(mix, update, stage, order);
      if (algorithm.stochastic()) {
        mix.draw(update.noise(), noise, modelOutput);
      }
      return mix.sum();
    }
  }

  private int order(Stage stage) {
    boolean few = config.flag("lower_order_final") && stage.count() < FEW_STEPS;
    boolean euler = config.flag("euler_at_final") || config.is("final_sigmas_type", "zero");
    int most = Math.min(config.whole("solver_order"), outputs.size());
    return switch (stage.left()) {
      case 1 -> few || euler ? 1 : most;
      case 2 -> few ? Math.min(2, most) : most;
      default -> most;
    };
  }

  private void addOutputs(LinearCombination mix, DpmSolver update, Stage stage, int order) {
    NDArray newest = outputs.get(0);
    mix.add(update.d0(), newest);
    if (order == 1) {
      return;
    }
    double h = stage.back(-1).lambda() - stage.back(0).lambda();
    double r0 = (stage.back(0).lambda() - stage.back(1).lambda()) / h;
    if (order == 2) {
      mix.add(update.d1() / r0, newest).add(-update.d1() / r0, outputs.get(1));
      return;
    }
    double r1 = (stage.back(1).lambda() - stage.back(2).lambda()) / h;
    // D1 and D2 in terms of the two first differences, (m0 - m1) / r0 and (m1 - m2) / r1.
    double recent = update.d1() * (1 + r0 / (r0 + r1)) + update.d2() / (r0 + r1);
    double earlier = -update.d1() * r0 / (r0 + r1) - update.d2() / (r0 + r1);
    mix.add(recent / r0, newest)
        .add(earlier / r1 - recent / r0, outputs.get(1))
        .add(-earlier / r1, outputs.get(2));
  }
}

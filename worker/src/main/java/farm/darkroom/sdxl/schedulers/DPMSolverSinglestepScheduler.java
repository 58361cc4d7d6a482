package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * The singlestep forms of DPM-Solver (Lu et al., arXiv 2206.00927) and DPM-Solver++ (2211.01095): a
 * step of order k is spread over k calls, of which the later ones start over from the sample of the
 * first. Stateful in between.
 */
final class DPMSolverSinglestepScheduler extends SolverScheduler {
  static final List<Option> OPTIONS =
      Options.all(
          Options.solver(Options.solverOrder()),
          List.of(
              Options.dpmAlgorithm("dpmsolver++", "dpmsolver", "sde-dpmsolver++"),
              Options.dpmSolver(),
              Options.flag("lower_order_final", false)),
          Options.sigmaShapes(),
          Options.flow(),
          List.of(
              Options.finalSigmas(),
              Options.real("lambda_min_clipped", Double.NEGATIVE_INFINITY),
              Options.noLearnedVariance()));

  private final DpmSolver.Algorithm algorithm;
  private final ModelConversion conversion;
  private final History outputs;
  private final History start = new History(1);

  DPMSolverSinglestepScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    algorithm = DpmSolver.Algorithm.of(config);
    conversion = new ModelConversion(config, math);
    outputs = new History(config.whole("solver_order"));
  }

  static void check(SchedulerConfig config) {
    SolverChecks.finalSigma(config);
    SolverChecks.flowPrediction(config);
  }

  @Override
  Schedule spaced(int steps) {
    int last = training().lastAbove(config().real("lambda_min_clipped"));
    double[] points = Spacing.reversed(Spacing.linspace(0, last - 1, steps + 1));
    return schedule(Spacing.head(Spacing.rounded(points), steps), steps);
  }

  /** Flow sigmas take the place of the list, of which the length alone counts, as in diffusers. */
  @Override
  Schedule ofTimesteps(double[] timesteps) {
    refuseTimestepsWith("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas");
    return schedule(Spacing.truncated(timesteps), timesteps.length);
  }

  private Schedule schedule(double[] spaced, int steps) {
    double last = config().is("final_sigmas_type", "zero") ? 0 : training().sigma(0);
    Placement placement = place(spaced, steps, shape() == SigmaShape.KARRAS);
    return Schedule.of(placement.timesteps(), Spacing.append(placement.sigmas(), last));
  }

  @Override
  void forget() {
    outputs.clear();
    start.clear();
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    outputs.push(
        conversion.convert(
            algorithm.predictsClean(), point(index), predictionAt(index), modelOutput, sample));
    int planned = SinglestepOrders.of(config(), schedule().timesteps().length).get(index);
    int order = Math.min(planned, outputs.size());
    if (order == 1) {
      start.push(math().copy(sample));
    }
    boolean midpoint = order == 2 && config().is("solver_type", "midpoint");
    SolverPoint first = point(index - order + 1);
    DpmSolver update = algorithm.update(point(index + 1), first, midpoint);
    try (LinearCombination mix = new LinearCombination(math())) {
      mix.add(update.sample(), start.get(0));
      mix.add(update.d0(), outputs.get(order - 1));
      addDifferences(mix, update, index, order);
      if (algorithm.stochastic()) {
        mix.draw(update.noise(), noise, modelOutput);
      }
      return mix.sum();
    }
  }

  private void addDifferences(LinearCombination mix, DpmSolver update, int index, int order) {
    if (order == 1) {
      return;
    }
    double from = point(index - order + 1).lambda();
    double h = point(index + 1).lambda() - from;
    double r0 = (point(index).lambda() - from) / h;
    if (order == 2 || config().is("solver_type", "midpoint")) {
      NDArray oldest = outputs.get(order - 1);
      mix.add(update.d1() / r0, outputs.get(0)).add(-update.d1() / r0, oldest);
      return;
    }
    double r1 = (point(index - 1).lambda() - from) / h;
    // D1 and D2 in terms of (m1 - m2) / r1 and (m0 - m2) / r0.
    double near = (update.d1() * r0 - 2 * update.d2()) / (r0 - r1) / r1;
    double far = (2 * update.d2() - update.d1() * r1) / (r0 - r1) / r0;
    mix.add(near, outputs.get(1)).add(far, outputs.get(0)).add(-near - far, outputs.get(2));
  }
}

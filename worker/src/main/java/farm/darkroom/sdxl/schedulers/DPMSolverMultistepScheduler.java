package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * DPM-Solver (Lu et al., arXiv 2206.00927), DPM-Solver++ (2211.01095) and their stochastic forms,
 * orders 1 to 3, reusing the outputs of earlier steps.
 */
final class DPMSolverMultistepScheduler extends SolverScheduler {
  static final List<Option> OPTIONS =
      Options.all(
          Options.solver(Options.solverOrder()),
          List.of(
              Options.dpmAlgorithm("dpmsolver++", "dpmsolver", "sde-dpmsolver", "sde-dpmsolver++"),
              Options.dpmSolver(),
              Options.flag("lower_order_final", true),
              Options.flag("euler_at_final", false)),
          Options.sigmaShapes(),
          List.of(Options.flag("use_lu_lambdas", false)),
          Options.flow(),
          List.of(
              Options.finalSigmas(),
              Options.real("lambda_min_clipped", Double.NEGATIVE_INFINITY),
              Options.noLearnedVariance()),
          Options.spacing("linspace"),
          List.of(Options.flag("rescale_betas_zero_snr", false)));

  private final MultistepDpm solver;

  DPMSolverMultistepScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    solver = new MultistepDpm(config, math);
  }

  /** What diffusers refuses too. */
  static void check(SchedulerConfig config) {
    SolverChecks.finalSigma(config);
    SolverChecks.flowPrediction(config);
    if (config.is("algorithm_type", "sde-dpmsolver") && config.whole("solver_order") == 3) {
      throw config.refuse("solver_order is 3, allowed with sde-dpmsolver: 1, 2");
    }
  }

  @Override
  Schedule spaced(int steps) {
    int last = training().lastAbove(config().real("lambda_min_clipped"));
    return schedule(Spacing.intervals(config(), steps, last), steps);
  }

  @Override
  Schedule ofTimesteps(double[] timesteps) {
    refuseTimestepsWith(
        "use_karras_sigmas",
        "use_lu_lambdas",
        "use_exponential_sigmas",
        "use_beta_sigmas",
        "use_flow_sigmas");
    return schedule(Spacing.truncated(timesteps), timesteps.length);
  }

  private Schedule schedule(double[] spaced, int steps) {
    double last = config().is("final_sigmas_type", "zero") ? 0 : training().sigma(0);
    boolean lu = config().flag("use_lu_lambdas") && shape() != SigmaShape.KARRAS;
    boolean round =
        (lu || shape() == SigmaShape.KARRAS) && !config().is("beta_schedule", "squaredcos_cap_v2");
    Placement placement = lu ? placeAt(luSigmas(steps), round) : place(spaced, steps, round);
    return Schedule.of(placement.timesteps(), Spacing.append(placement.sigmas(), last));
  }

  /** Evenly spaced log sigmas. */
  private double[] luSigmas(int steps) {
    double first = training().logSigma(training().length() - 1);
    double last = training().logSigma(0);
    double[] sigmas = Spacing.linspace(0, 1, steps);
    for (int i = 0; i < steps; i++) {
      sigmas[i] = Math.exp(first + sigmas[i] * (last - first));
    }
    return sigmas;
  }

  @Override
  void forget() {
    solver.forget();
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    Prediction prediction = predictionAt(index);
    return solver.step(
        new MultistepDpm.Stage(index, schedule().timesteps().length, prediction, this::point),
        modelOutput,
        sample,
        noise);
  }
}

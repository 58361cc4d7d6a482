package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** DPM-Solver++ (Lu et al., arXiv 2211.01095) with EDM preconditioning. */
final class EDMDPMSolverMultistepScheduler extends EdmScheduler {
  static final List<Option> OPTIONS =
      Options.all(
          options(),
          List.of(Options.solverOrder()),
          Options.thresholding(),
          List.of(
              Options.dpmAlgorithm("dpmsolver++", "sde-dpmsolver++"),
              Options.dpmSolver(),
              Options.flag("lower_order_final", true),
              Options.flag("euler_at_final", false)));

  private final MultistepDpm solver;

  EDMDPMSolverMultistepScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    solver = new MultistepDpm(config, math);
  }

  static void check(SchedulerConfig config) {
    if (config.is("algorithm_type", "sde-dpmsolver++") && config.whole("solver_order") == 3) {
      throw config.refuse("solver_order is 3, allowed with sde-dpmsolver++: 1, 2");
    }
  }

  @Override
  Schedule spaced(int steps) {
    double[] sigmas = karras() ? karras(steps) : exponential(steps);
    double last = config().is("final_sigmas_type", "zero") ? 0 : sigmaMin();
    return Schedule.of(times(sigmas), Spacing.append(sigmas, last));
  }

  /** In float32, where the seventh power shows the last bit. */
  private double[] karras(int steps) {
    float high = (float) Math.pow(sigmaMax(), 1 / rho());
    float width = (float) (Math.pow(sigmaMin(), 1 / rho()) - Math.pow(sigmaMax(), 1 / rho()));
    float[] ramp = Float32.linspace(0, 1, steps);
    double[] sigmas = new double[steps];
    for (int i = 0; i < steps; i++) {
      sigmas[i] = Float32.round(Math.pow(ramp[i] * width + high, rho()));
    }
    return sigmas;
  }

  @Override
  void forget() {
    solver.forget();
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    MultistepDpm.Stage stage =
        new MultistepDpm.Stage(
            index,
            schedule().timesteps().length,
            prediction(sigma(index)),
            i -> SolverPoint.varianceExploding(sigma(i)));
    return solver.step(stage, modelOutput, sample, noise);
  }
}

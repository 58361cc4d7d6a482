package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** DPM-Solver++ (Lu et al., arXiv 2211.01095) with EDM preconditioning. */
final class EDMDPMSolverMultistepScheduler extends BaseScheduler {
  static final List<Option> OPTIONS =
      Options.all(
          Edm.options(),
          List.of(Options.solverOrder()),
          Options.thresholding(),
          List.of(
              Options.dpmAlgorithm("dpmsolver++", "sde-dpmsolver++"),
              Options.dpmSolver(),
              Options.flag("lower_order_final", true),
              Options.flag("euler_at_final", false)));

  private final Edm edm;
  private final MultistepDpm solver;

  EDMDPMSolverMultistepScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    edm = new Edm(config);
    solver = new MultistepDpm(config, math);
  }

  static void check(SchedulerConfig config) {
    if (config.is("algorithm_type", "sde-dpmsolver++") && config.whole("solver_order") == 3) {
      throw config.refuse("solver_order is 3, allowed with sde-dpmsolver++: 1, 2");
    }
  }

  @Override
  Schedule spaced(int steps) {
    double[] sigmas = edm.karras() ? karras(steps) : edm.exponential(steps);
    double last = config().is("final_sigmas_type", "zero") ? 0 : edm.sigmaMin();
    return Schedule.of(Edm.times(sigmas), Spacing.append(sigmas, last));
  }

  /** In float32, where the seventh power shows the last bit. */
  private double[] karras(int steps) {
    float high = (float) Math.pow(edm.sigmaMax(), 1 / edm.rho());
    float width =
        (float) (Math.pow(edm.sigmaMin(), 1 / edm.rho()) - Math.pow(edm.sigmaMax(), 1 / edm.rho()));
    float[] ramp = Float32.linspace(0, 1, steps);
    double[] sigmas = new double[steps];
    for (int i = 0; i < steps; i++) {
      sigmas[i] = Float32.round(Math.pow(ramp[i] * width + high, edm.rho()));
    }
    return sigmas;
  }

  @Override
  void forget() {
    solver.forget();
  }

  @Override
  public double initNoiseSigma() {
    return edm.initNoiseSigma();
  }

  @Override
  public double inputScale(int index) {
    return edm.inputScale(sigma(index));
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    MultistepDpm.Stage stage =
        new MultistepDpm.Stage(
            index,
            schedule().timesteps().length,
            edm.prediction(sigma(index)),
            i -> SolverPoint.varianceExploding(sigma(i)));
    return solver.step(stage, modelOutput, sample, noise);
  }

  @Override
  public NDArray addNoise(NDArray original, NDArray noise, int index) {
    return math().combine(new double[] {1, sigma(index)}, original, noise);
  }
}

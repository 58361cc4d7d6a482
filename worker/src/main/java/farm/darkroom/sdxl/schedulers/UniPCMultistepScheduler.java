package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;

/**
 * UniPC (Zhao et al., arXiv 2302.04867): a predictor, and a corrector that improves the sample that
 * the predictor made once the model was called there. Stateful: it keeps model outputs and the last
 * corrected sample.
 */
final class UniPCMultistepScheduler extends SolverScheduler {
  static final List<Option> OPTIONS =
      Options.all(
          Options.solver(Options.whole("solver_order", 2, 1)),
          List.of(
              Options.flag("predict_x0", true),
              Options.word("solver_type", "bh2", "bh1").or("bh2", "midpoint", "heun", "logrho"),
              Options.flag("lower_order_final", true),
              Options.reals("disable_corrector"),
              Options.unused("solver_p", "another sampler as predictor cannot be named in JSON")),
          Options.sigmaShapes(),
          Options.flow(),
          Options.spacing("linspace"),
          List.of(
              Options.finalSigmas(),
              Options.flag("rescale_betas_zero_snr", false),
              Options.real("sigma_min", null, 0),
              Options.real("sigma_max", null, 0),
              Options.real("shift_terminal", null, 0, 1)));

  private final ModelConversion conversion;
  private final History outputs;
  private final History lastSample = new History(1);
  private int lastOrder;

  UniPCMultistepScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    conversion = new ModelConversion(config, math);
    outputs = new History(config.whole("solver_order"));
  }

  static void check(SchedulerConfig config) {
    if (config.flag("use_dynamic_shifting")) {
      throw config.refuse("use_dynamic_shifting is true, allowed: false (SDXL has no mu)");
    }
    if (config.realIfAny("shift_terminal").isPresent() && !config.flag("use_flow_sigmas")) {
      throw config.refuse("shift_terminal is allowed only with use_flow_sigmas");
    }
    if (!config.flag("predict_x0")) {
      SolverChecks.noFlow(config, "predict_x0 false");
    }
  }

  @Override
  Schedule spaced(int steps) {
    return UniPcSpacing.spaced(this, steps);
  }

  @Override
  Schedule ofSigmas(double[] sigmas) {
    if (!flow()) {
      throw config().refuse("a list of sigmas is allowed only with use_flow_sigmas");
    }
    return shape() == SigmaShape.PLAIN
        ? UniPcSpacing.flow(this, sigmas)
        : UniPcSpacing.shaped(this, sigmas);
  }

  @Override
  void forget() {
    outputs.clear();
    lastSample.clear();
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    NDArray output = converted(modelOutput, index, sample);
    NDArray start = corrects(index) ? corrected(output, index) : math().copy(sample);
    outputs.push(output);
    lastSample.push(start);
    int left = schedule().timesteps().length - index;
    int most = Math.min(config().whole("solver_order"), outputs.size());
    lastOrder = config().flag("lower_order_final") ? Math.min(left, most) : most;
    return predicted(index);
  }

  /** diffusers holds the clean image in bounds, the noise not. */
  private NDArray converted(NDArray modelOutput, int index, NDArray sample) {
    return config().flag("predict_x0")
        ? conversion.convert(true, point(index), predictionAt(index), modelOutput, sample)
        : conversion.noise(predictionAt(index), modelOutput, sample);
  }

  private boolean corrects(int index) {
    double[] disabled = config().reals("disable_corrector");
    boolean enabled =
        disabled == null || Arrays.stream(disabled).noneMatch(step -> step == index - 1);
    return enabled && lastSample.size() > 0;
  }

  /** The sample at {@code index}, from the one before and the output here. */
  private NDArray corrected(NDArray output, int index) {
    UniPcUpdate update = update(index - 1, lastOrder);
    double[] weights = update.corrector();
    try (LinearCombination mix = new LinearCombination(math())) {
      mix.add(update.sample(), lastSample.get(0));
      addOutputs(mix, update, Arrays.copyOf(weights, weights.length - 1));
      double newest = update.scale() * weights[weights.length - 1];
      return mix.add(newest, output).add(-newest, outputs.get(0)).sum();
    }
  }

  /** The sample after {@code index}. */
  private NDArray predicted(int index) {
    UniPcUpdate update = update(index, lastOrder);
    try (LinearCombination mix = new LinearCombination(math())) {
      mix.add(update.sample(), lastSample.get(0));
      addOutputs(mix, update, update.predictor());
      return mix.sum();
    }
  }

  private void addOutputs(LinearCombination mix, UniPcUpdate update, double[] weights) {
    mix.add(update.newest(), outputs.get(0));
    for (int i = 0; i < weights.length; i++) {
      double weight = update.scale() * weights[i] / update.ratios()[i];
      mix.add(weight, outputs.get(i + 1)).add(-weight, outputs.get(0));
    }
  }

  private UniPcUpdate update(int from, int order) {
    SolverPoint[] points = new SolverPoint[order + 1];
    for (int i = 0; i <= order; i++) {
      points[i] = point(from + 1 - i);
    }
    boolean bh1 = config().is("solver_type", "bh1");
    return UniPcUpdate.of(points, config().flag("predict_x0"), bh1);
  }
}

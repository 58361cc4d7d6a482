package farm.darkroom.sdxl.schedulers;

import farm.darkroom.sdxl.schedulers.Option.Flag;
import farm.darkroom.sdxl.schedulers.Option.Real;
import farm.darkroom.sdxl.schedulers.Option.Reals;
import farm.darkroom.sdxl.schedulers.Option.Unused;
import farm.darkroom.sdxl.schedulers.Option.Whole;
import farm.darkroom.sdxl.schedulers.Option.Word;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Options that several schedulers share, and shorthands to declare them. */
final class Options {
  static final String EPSILON = "epsilon";
  static final String SAMPLE = "sample";
  static final String V_PREDICTION = "v_prediction";
  static final String FLOW_PREDICTION = "flow_prediction";

  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** The tables of a model that claims more would fill the memory. */
  private static final int MOST_TRAINING = 1_000_000;

  private Options() {}

  static Option flag(String name, boolean fallback) {
    return new Flag(name, fallback);
  }

  static Option whole(String name, Integer fallback, int least) {
    return new Whole(name, fallback, least, Integer.MAX_VALUE);
  }

  static Option whole(String name, Integer fallback, int least, int most) {
    return new Whole(name, fallback, least, most);
  }

  static Option real(String name, Double fallback) {
    return new Real(name, fallback, -INFINITY, INFINITY);
  }

  static Option real(String name, Double fallback, double least) {
    return new Real(name, fallback, least, INFINITY);
  }

  static Option real(String name, Double fallback, double least, double most) {
    return new Real(name, fallback, least, most);
  }

  /** The first word is the default. */
  static Word word(String name, String... words) {
    return new Word(name, words[0], List.of(words), Map.of());
  }

  static Option prediction(String... types) {
    return word("prediction_type", types);
  }

  /**
   * num_train_timesteps, beta_start, beta_end, beta_schedule, trained_betas.
   *
   * @param more schedules that only this sampler has
   */
  static List<Option> betas(double start, double end, String schedule, String... more) {
    List<String> schedules =
        Stream.concat(BetaSchedule.NAMES.stream(), Arrays.stream(more)).toList();
    return List.of(
        whole("num_train_timesteps", 1000, 2, MOST_TRAINING),
        real("beta_start", start, 0, 1),
        real("beta_end", end, 0, 1),
        new Word("beta_schedule", schedule, schedules, Map.of()),
        reals("trained_betas"));
  }

  /** timestep_spacing, with the sampler's default, and steps_offset. */
  static List<Option> spacing(String fallback) {
    return List.of(
        new Word(
            "timestep_spacing", fallback, List.of("linspace", "leading", "trailing"), Map.of()),
        whole("steps_offset", 0, 0));
  }

  /** use_karras_sigmas, use_exponential_sigmas, use_beta_sigmas. */
  static List<Option> sigmaShapes() {
    return Stream.of(SigmaShape.values())
        .filter(shape -> shape.option() != null)
        .map(shape -> flag(shape.option(), false))
        .toList();
  }

  static List<Option> thresholding() {
    return List.of(
        flag("thresholding", false),
        real("dynamic_thresholding_ratio", 0.995, 0, 1),
        real("sample_max_value", 1.0, 0));
  }

  static List<Option> clipping(boolean fallback) {
    return List.of(flag("clip_sample", fallback), real("clip_sample_range", 1.0, 0));
  }

  /** use_flow_sigmas, flow_shift and the keys that only other pipelines than SDXL's can use. */
  static List<Option> flow() {
    return List.of(
        flag("use_flow_sigmas", false),
        real("flow_shift", 1.0, 0),
        flag("use_dynamic_shifting", false),
        word("time_shift_type", "exponential", "linear"));
  }

  static Option solverOrder() {
    return whole("solver_order", 2, 1, 3);
  }

  /** What diffusers' solvers of any order begin with. */
  static List<Option> solver(Option order) {
    return all(
        betas(0.0001, 0.02, "linear"),
        List.of(order, prediction(EPSILON, SAMPLE, V_PREDICTION, FLOW_PREDICTION)),
        thresholding());
  }

  static Option finalSigmas() {
    return word("final_sigmas_type", "zero", "sigma_min");
  }

  /** algorithm_type of the DPM-Solver family, which takes a DEIS snapshot for dpmsolver++. */
  static Option dpmAlgorithm(String... types) {
    return word("algorithm_type", types).or("dpmsolver++", "deis");
  }

  /** solver_type of the DPM-Solver family, which takes those of DEIS and UniPC for midpoint. */
  static Option dpmSolver() {
    return word("solver_type", "midpoint", "heun").or("midpoint", "logrho", "bh1", "bh2");
  }

  static Option noLearnedVariance() {
    return unused(
        "variance_type",
        "SDXL's UNet predicts no variance",
        "fixed_small",
        "fixed_small_log",
        "fixed_large",
        "fixed_large_log");
  }

  static Option unused(String name, String reason, String... ignored) {
    return new Unused(name, reason, List.of(ignored));
  }

  static Option reals(String name) {
    return new Reals(name);
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // read, never written
  static List<Option> all(List<Option>... groups) {
    return Arrays.stream(groups).flatMap(List::stream).toList();
  }
}

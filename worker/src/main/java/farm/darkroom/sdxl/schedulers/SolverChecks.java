package farm.darkroom.sdxl.schedulers;

/** Settings of the DPM-type solvers that exclude each other. */
final class SolverChecks {
  private SolverChecks() {}

  /** Solvers that predict noise divide by the final sigma. */
  static void finalSigma(SchedulerConfig config) {
    boolean clean = config.word("algorithm_type").endsWith("++");
    if (!clean && config.is("final_sigmas_type", "zero")) {
      throw config.refuse(
          "final_sigmas_type is \"zero\", allowed with algorithm_type %s: sigma_min"
              .formatted(config.word("algorithm_type")));
    }
  }

  /** Only solvers that predict the clean image can turn a flow into it. */
  static void flowPrediction(SchedulerConfig config) {
    if (!config.word("algorithm_type").endsWith("++")) {
      noFlow(config, "algorithm_type " + config.word("algorithm_type"));
    }
  }

  static void noFlow(SchedulerConfig config, String setting) {
    if (config.prediction().equals(Options.FLOW_PREDICTION)) {
      throw config.refuse(
          "prediction_type is \"flow_prediction\", allowed with %s: epsilon, sample, v_prediction"
              .formatted(setting));
    }
  }
}

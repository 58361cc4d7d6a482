package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Optional;

/**
 * A second model that finishes the picture.
 *
 * @param denoisingStart the base stops at this share of the schedule and the refiner goes on from
 *     its latents; absent: the finished picture is refined by {@code strength}
 * @param strength absent with {@code denoisingStart}, and only then
 * @param numInferenceSteps absent: the job's
 * @param guidanceScale absent: the job's
 * @param scheduler absent: the job's, or where it has none the refiner snapshot's
 */
public record RefinerChoice(
    String model,
    Optional<Double> denoisingStart,
    Optional<Double> strength,
    double aestheticScore,
    double negativeAestheticScore,
    Optional<Integer> numInferenceSteps,
    Optional<Double> guidanceScale,
    Optional<SchedulerChoice> scheduler) {
  private static final double DEFAULT_STRENGTH = 0.3;

  static JsonType<RefinerChoice> type() {
    return JsonTypes.objectSuchAs(
        "{\"model\": \"demo-refiner\", \"denoising_start\": 0.8}", RefinerChoice::read);
  }

  /**
   * How many steps it will do, as far as that can be said before it starts.
   *
   * @param jobs the job's {@code num_inference_steps}
   */
  public int steps(int jobs) {
    double share = denoisingStart.map(start -> 1 - start).or(() -> strength).orElse(1.0);
    return (int) Math.round(numInferenceSteps.orElse(jobs) * share);
  }

  ObjectNode toJson() {
    return new FieldWriter()
        .put("model", model)
        .put("denoising_start", denoisingStart)
        .put("strength", strength.filter(s -> s != DEFAULT_STRENGTH))
        .putUnless(AestheticScores.POSITIVE, "aesthetic_score", aestheticScore)
        .putUnless(AestheticScores.NEGATIVE, "negative_aesthetic_score", negativeAestheticScore)
        .put("num_inference_steps", numInferenceSteps)
        .put("guidance_scale", guidanceScale)
        .put("scheduler", scheduler.map(SchedulerChoice::toJson))
        .done();
  }

  private static Optional<RefinerChoice> read(Fields f) {
    Optional<String> model = f.required("model", Names.model());
    Optional<Double> start = f.optional("denoising_start", Sampling.INNER_SHARE);
    Optional<Double> strength = f.optional("strength", Sampling.SHARE);
    if (f.has("denoising_start") && f.has("strength")) {
      f.refuse("strength", "found beside denoising_start, allowed: one of the two");
    }
    double score = f.or("aesthetic_score", AestheticScores.TYPE, AestheticScores.POSITIVE);
    double negative =
        f.or("negative_aesthetic_score", AestheticScores.TYPE, AestheticScores.NEGATIVE);
    Optional<Integer> steps = f.optional("num_inference_steps", Sampling.STEPS);
    Optional<Double> guidance = f.optional("guidance_scale", Sampling.GUIDANCE);
    Optional<SchedulerChoice> scheduler = f.optional("scheduler", SchedulerChoice.type());
    f.noOthers(ForeignNames::translated);
    Optional<Double> effective =
        start.isPresent() ? Optional.empty() : strength.or(() -> Optional.of(DEFAULT_STRENGTH));
    return model.map(
        m -> new RefinerChoice(m, start, effective, score, negative, steps, guidance, scheduler));
  }
}

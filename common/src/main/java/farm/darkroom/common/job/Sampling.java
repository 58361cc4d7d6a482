package farm.darkroom.common.job;

import farm.darkroom.common.json.CanonicalJson;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.List;
import java.util.Optional;

/**
 * The denoising parameters of a job.
 *
 * @param guidanceScale w of classifier-free guidance; 1 and less: no guidance
 * @param imageGuidanceScale how strongly the image that is edited pulls, s_I of InstructPix2Pix
 *     (arXiv 2211.09800); below 1: no guidance; absent: no image is edited
 * @param guidanceRescale phi of arXiv 2305.08891, section 3.4
 * @param perturbed perturbed attention guidance; absent: none
 * @param eta of the DDIM paper; schedulers without it ignore it
 * @param denoisingEnd the share of the schedule after which to stop; absent: all of it
 * @param timesteps instead of the scheduler's own; empty: the scheduler's; in JSON a list, or a
 *     name of diffusers' AysSchedules
 * @param sigmas instead of the scheduler's own, the last one 0; empty: the scheduler's; in JSON as
 *     {@code timesteps}
 * @param scheduler absent: the snapshot's
 */
public record Sampling(
    int numInferenceSteps,
    double guidanceScale,
    Optional<Double> imageGuidanceScale,
    double guidanceRescale,
    Optional<PerturbedAttentionChoice> perturbed,
    double eta,
    Optional<Double> denoisingEnd,
    List<Integer> timesteps,
    List<Double> sigmas,
    Optional<SchedulerChoice> scheduler) {
  static final String IMAGE_GUIDANCE_SCALE = "image_guidance_scale";
  static final int MOST_STEPS = 1000;
  static final JsonType<Integer> STEPS = JsonTypes.integer(1, MOST_STEPS);
  static final JsonType<Double> GUIDANCE = JsonTypes.number(0, 100);
  static final JsonType<Double> SHARE = JsonTypes.number(0, 1);
  static final JsonType<Double> INNER_SHARE =
      SHARE.refuse(
          share ->
              share > 0 && share < 1
                  ? Optional.empty()
                  : Optional.of(
                      "found "
                          + CanonicalJson.number(share)
                          + ", allowed: a number between 0 and 1"));
  private static final JsonType<List<Integer>> TIMESTEPS =
      AysSchedules.orTimesteps(JsonTypes.listOf(JsonTypes.integer(0, 1_000_000), 1, MOST_STEPS));
  private static final JsonType<List<Double>> SIGMAS =
      AysSchedules.orSigmas(JsonTypes.listOf(JsonTypes.number(0, 100_000), 1, MOST_STEPS));

  public Sampling {
    timesteps = List.copyOf(timesteps);
    sigmas = List.copyOf(sigmas);
  }

  static Sampling read(Fields f, PipelineDefaults defaults) {
    if (f.has("timesteps") && f.has("sigmas")) {
      f.refuse("sigmas", "found beside timesteps, allowed: one of the two");
    }
    return new Sampling(
        f.or("num_inference_steps", STEPS, defaults.steps()),
        f.or("guidance_scale", GUIDANCE, defaults.guidanceScale()),
        f.optional(IMAGE_GUIDANCE_SCALE, GUIDANCE),
        f.or("guidance_rescale", SHARE, 0.0),
        PerturbedAttentionChoice.read(f),
        f.or("eta", SHARE, 0.0),
        f.optional("denoising_end", INNER_SHARE),
        f.or("timesteps", TIMESTEPS, List.of()),
        f.or("sigmas", SIGMAS, List.of()),
        f.optional("scheduler", SchedulerChoice.type()));
  }

  void write(FieldWriter out, PipelineDefaults defaults) {
    out.putUnless(defaults.steps(), "num_inference_steps", numInferenceSteps)
        .putUnless(defaults.guidanceScale(), "guidance_scale", guidanceScale)
        .put(IMAGE_GUIDANCE_SCALE, imageGuidanceScale)
        .putUnless(0.0, "guidance_rescale", guidanceRescale)
        .putUnless(0.0, "eta", eta)
        .put("denoising_end", denoisingEnd)
        .putUnless(List.of(), "timesteps", timesteps)
        .putUnless(List.of(), "sigmas", sigmas)
        .put("scheduler", scheduler.map(SchedulerChoice::toJson));
    perturbed.ifPresent(attention -> attention.write(out));
  }
}

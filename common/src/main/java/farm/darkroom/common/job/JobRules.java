package farm.darkroom.common.job;

import farm.darkroom.common.json.Fields;
import java.util.List;
import java.util.Optional;

/** Rules that involve more than one field of a job, each of which is valid by itself. */
final class JobRules {
  /** What StableDiffusionXLInstructPix2PixPipeline does not know. */
  private static final List<String> NOT_FOR_EDITING =
      List.of(
          "mask_image",
          "strength",
          "denoising_start",
          "padding_mask_crop",
          "aesthetic_score",
          "negative_aesthetic_score",
          "negative_original_size",
          "negative_crops_coords_top_left",
          "negative_target_size",
          "clip_skip",
          "timesteps",
          "sigmas",
          "pag_scale",
          "controlnet",
          "ip_adapter");

  private JobRules() {}

  static void check(RenderJob job, Fields f) {
    seedsFit(job, f);
    stagesMeet(job, f);
    if (job.edits()) {
      editingHasAPipeline(f);
    }
    job.sampling().perturbed().ifPresent(attention -> perturbationHasAPipeline(job, f));
    adaptersHaveAPipeline(job, f);
    networksHaveAScaleEach(job.additions().controlnet(), f);
    job.source().ifPresent(source -> sourceLeavesSteps(source, job.sampling(), f));
    job.refiner().ifPresent(refiner -> refinerLeavesSteps(refiner, job.sampling(), f));
    if (job.outputType() == OutputType.LATENT
        && job.source().flatMap(SourceImage::paddingMaskCrop).isPresent()) {
      f.refuse("padding_mask_crop", "found with output_type latent, allowed: output_type pil");
    }
  }

  private static void seedsFit(RenderJob job, Fields f) {
    long last = Long.MAX_VALUE - (job.numImagesPerPrompt() - 1);
    if (job.seed().orElse(0) > last) {
      f.refuse(
          "seed",
          "found "
              + job.seed().getAsLong()
              + ", allowed: at most "
              + last
              + ", since image i uses seed + i");
    }
  }

  private static void stagesMeet(RenderJob job, Fields f) {
    Optional<Double> end = job.sampling().denoisingEnd();
    Optional<Double> start = job.source().flatMap(SourceImage::denoisingStart);
    Optional<Double> refined = job.refiner().flatMap(RefinerChoice::denoisingStart);
    if (start.isPresent() && start.get() >= end.or(() -> refined).orElse(1.0)) {
      String most = end.isPresent() ? "denoising_end" : "refiner.denoising_start";
      f.refuse("denoising_start", "found " + start.get() + ", allowed: less than " + most);
    }
    if (end.isPresent() && refined.isPresent() && !end.equals(refined)) {
      f.refuse(
          "denoising_end",
          "found " + end.get() + ", allowed: refiner.denoising_start, " + refined.get());
    }
  }

  private static void editingHasAPipeline(Fields f) {
    NOT_FOR_EDITING.stream()
        .filter(f::hasSome)
        .forEach(
            name ->
                f.refuse(
                    name,
                    "found with " + Sampling.IMAGE_GUIDANCE_SCALE + ", allowed: one of the two"));
  }

  private static void perturbationHasAPipeline(RenderJob job, Fields f) {
    if (job.additions().guessMode()) {
      f.refuse("guess_mode", "found with pag_scale, allowed: one of the two");
    }
    boolean masked = job.source().flatMap(SourceImage::maskImage).isPresent();
    if (masked && !job.additions().controlnet().isEmpty()) {
      f.refuse("pag_scale", "found with controlnet and mask_image, allowed: with one of them");
    }
  }

  /** diffusers has StableDiffusionXLAdapterPipeline alone. */
  private static void adaptersHaveAPipeline(RenderJob job, Fields f) {
    if (job.additions().t2iAdapters().isEmpty()) {
      return;
    }
    if (job.source().isPresent()) {
      f.refuse(T2iAdapters.NAME, "found with image, allowed: text to image");
    }
    if (!job.additions().controlnet().isEmpty()) {
      f.refuse(T2iAdapters.NAME, "found with controlnet, allowed: one of the two");
    }
    if (job.sampling().perturbed().isPresent()) {
      f.refuse(T2iAdapters.NAME, "found with pag_scale, allowed: one of the two");
    }
  }

  /** diffusers: MultiControlNetUnionModel. */
  private static void networksHaveAScaleEach(List<ControlNetChoice> networks, Fields f) {
    if (networks.size() > 1) {
      networks.stream()
          .flatMap(network -> network.fieldByPicture().stream())
          .findFirst()
          .ifPresent(
              field ->
                  f.refuse(
                      "controlnet",
                      "found %d networks and a list for %s, allowed: a number for each network"
                          .formatted(networks.size(), field)));
    }
  }

  private static void sourceLeavesSteps(SourceImage source, Sampling sampling, Fields f) {
    boolean more = source.maskImage().isEmpty() && hasMoreTimesteps(sampling.scheduler());
    if (counted(sampling) && source.denoisingStart().isEmpty() && !more) {
      complaint(source.strength(), sampling.numInferenceSteps())
          .ifPresent(text -> f.refuse("strength", text));
    }
  }

  private static void refinerLeavesSteps(RefinerChoice refiner, Sampling sampling, Fields f) {
    Optional<Integer> own = refiner.numInferenceSteps();
    boolean more = hasMoreTimesteps(refiner.scheduler().or(sampling::scheduler));
    if ((own.isPresent() || counted(sampling)) && !more) {
      int steps = own.orElse(sampling.numInferenceSteps());
      refiner
          .strength()
          .flatMap(share -> complaint(share, steps))
          .ifPresent(text -> f.refuse("refiner", "strength", text));
    }
  }

  /**
   * PNDM lists more timesteps than there are steps, and image to image in diffusers runs what is
   * left of them whatever the strength; inpainting counts steps.
   */
  private static boolean hasMoreTimesteps(Optional<SchedulerChoice> scheduler) {
    return scheduler.filter(choice -> choice.name().equals("PNDMScheduler")).isPresent();
  }

  /** Lists of timesteps or sigmas decide how many steps there are once the scheduler has them. */
  private static boolean counted(Sampling sampling) {
    return sampling.timesteps().isEmpty() && sampling.sigmas().isEmpty();
  }

  /** diffusers: int(num_inference_steps * strength) steps are left. */
  private static Optional<String> complaint(double strength, int steps) {
    return (int) (steps * strength) >= 1
        ? Optional.empty()
        : Optional.of(
            "found "
                + strength
                + ", which leaves no step of "
                + steps
                + ", allowed: 1/"
                + steps
                + " or more");
  }
}

package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.CropCorner;
import farm.darkroom.common.job.FreeUChoice;
import farm.darkroom.common.job.PerturbedAttentionChoice;
import farm.darkroom.common.job.PixelSize;
import farm.darkroom.common.job.PromptSyntax;
import farm.darkroom.common.job.Prompts;
import farm.darkroom.common.job.RefinerChoice;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.Sampling;
import farm.darkroom.common.job.SchedulerChoice;
import farm.darkroom.common.job.SizeConditioning;
import farm.darkroom.common.job.SourceImage;
import farm.darkroom.sdxl.pipeline.AdapterImages;
import farm.darkroom.sdxl.pipeline.Control;
import farm.darkroom.sdxl.pipeline.Corner;
import farm.darkroom.sdxl.pipeline.Guidance;
import farm.darkroom.sdxl.pipeline.ImagePrompt;
import farm.darkroom.sdxl.pipeline.MicroConditioning;
import farm.darkroom.sdxl.pipeline.PerturbedAttention;
import farm.darkroom.sdxl.pipeline.PictureSource;
import farm.darkroom.sdxl.pipeline.Request;
import farm.darkroom.sdxl.pipeline.SamplingSpec;
import farm.darkroom.sdxl.pipeline.StepSchedule;
import farm.darkroom.sdxl.text.PromptTexts;
import farm.darkroom.sdxl.text.TextualInversion;
import farm.darkroom.sdxl.unet.FreeU;
import farm.darkroom.sdxl.unet.PerturbedLayers;
import farm.darkroom.sdxl.vae.Size;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Turns a job of one image into requests to the base and the refiner.
 *
 * @param size of the picture
 * @param inversions words that the base knows
 * @param controls that steer the base
 * @param adapterImages that steer it too
 * @param imagePrompts pictures that the base attends to
 */
record Requests(
    RenderJob job,
    Size size,
    List<TextualInversion> inversions,
    List<Control> controls,
    AdapterImages adapterImages,
    List<ImagePrompt> imagePrompts) {
  Requests {
    requireNonNull(job, "job");
    requireNonNull(size, "size");
    requireNonNull(adapterImages, "adapterImages");
    inversions = List.copyOf(inversions);
    controls = List.copyOf(controls);
    imagePrompts = List.copyOf(imagePrompts);
  }

  /** Requests without added tokens, ControlNets, T2I-Adapters and pictures that prompt. */
  Requests(RenderJob job, Size size) {
    this(job, size, List.of(), List.of(), AdapterImages.NONE, List.of());
  }

  /** The request to the base. */
  Request base(PictureSource source) {
    return new Request(
        prompts(),
        baseSampling(),
        size,
        baseSizes(),
        source,
        inversions,
        controls,
        job.additions().guessMode(),
        adapterImages,
        imagePrompts,
        job.additions().freeU().map(Requests::freeU));
  }

  private static FreeU freeU(FreeUChoice choice) {
    return new FreeU(choice.s1(), choice.s2(), choice.b1(), choice.b2());
  }

  /** The refiner's attention is left alone. */
  private Guidance baseGuidance() {
    Sampling sampling = job.sampling();
    return new Guidance(
        sampling.guidanceScale(),
        optional(sampling.imageGuidanceScale()),
        sampling.guidanceRescale(),
        sampling
            .perturbed()
            .map(own -> new PerturbedAttention(own.scale(), own.adaptiveScale(), layers(own))));
  }

  private static PerturbedLayers layers(PerturbedAttentionChoice perturbed) {
    return new PerturbedLayers(perturbed.appliedLayers().stream().map(Pattern::compile).toList());
  }

  /** The base ends where the refiner takes over. */
  private SamplingSpec baseSampling() {
    Optional<Double> end = job.refiner().flatMap(RefinerChoice::denoisingStart);
    return new SamplingSpec(
        job.seedOf(0),
        schedule(Optional.empty()),
        baseGuidance(),
        job.sampling().eta(),
        scheduler(job.sampling().scheduler()),
        optional(job.source().flatMap(SourceImage::denoisingStart)),
        optional(end.or(() -> job.sampling().denoisingEnd())));
  }

  private MicroConditioning baseSizes() {
    MicroConditioning plain = MicroConditioning.DEFAULT;
    return job.source()
        .map(picture -> sizes(picture.aestheticScore(), picture.negativeAestheticScore()))
        .orElseGet(() -> sizes(plain.aestheticScore(), plain.negativeAestheticScore()));
  }

  /**
   * The request to the refiner, which takes its remaining settings from the job.
   *
   * @param size at which it works
   */
  Request refiner(RefinerChoice refiner, PictureSource source, Size size) {
    SamplingSpec sampling =
        new SamplingSpec(
            job.seedOf(0),
            schedule(refiner.numInferenceSteps()),
            new Guidance(
                refiner.guidanceScale().orElse(job.sampling().guidanceScale()),
                job.sampling().guidanceRescale()),
            job.sampling().eta(),
            scheduler(refiner.scheduler().or(() -> job.sampling().scheduler())),
            optional(refiner.denoisingStart()),
            OptionalDouble.empty());
    MicroConditioning sizes = sizes(refiner.aestheticScore(), refiner.negativeAestheticScore());
    return new Request(prompts(), sampling, size, sizes, source);
  }

  private PromptTexts prompts() {
    Prompts words = job.prompts();
    return new PromptTexts(
        words.prompt(),
        words.prompt2(),
        words.negativePrompt(),
        words.negativePrompt2(),
        words.clipSkip().map(OptionalInt::of).orElseGet(OptionalInt::empty),
        words.syntax() == PromptSyntax.WEIGHTED);
  }

  private StepSchedule schedule(Optional<Integer> own) {
    Sampling sampling = job.sampling();
    return own.map(StepSchedule::of)
        .orElseGet(
            () ->
                new StepSchedule(
                    sampling.numInferenceSteps(),
                    sampling.timesteps().stream().map(Integer::doubleValue).toList(),
                    sampling.sigmas()));
  }

  /** The overrides, with their class under {@code name}; null is None, which is an override too. */
  static Map<String, Object> scheduler(Optional<SchedulerChoice> choice) {
    Map<String, Object> overrides = new HashMap<>();
    choice.ifPresent(
        chosen -> {
          overrides.putAll(chosen.config());
          overrides.put("name", chosen.name());
        });
    return overrides;
  }

  private MicroConditioning sizes(double score, double negativeScore) {
    SizeConditioning framing = job.framing();
    return new MicroConditioning(
        framing.originalSize().map(Requests::sizeOf),
        cornerOf(framing.cropsCoordsTopLeft()),
        framing.targetSize().map(Requests::sizeOf),
        framing.negativeOriginalSize().map(Requests::sizeOf),
        cornerOf(framing.negativeCropsCoordsTopLeft()),
        framing.negativeTargetSize().map(Requests::sizeOf),
        score,
        negativeScore);
  }

  private static Size sizeOf(PixelSize size) {
    return new Size(size.height(), size.width());
  }

  private static Corner cornerOf(CropCorner corner) {
    return new Corner(corner.top(), corner.left());
  }

  private static OptionalDouble optional(Optional<Double> value) {
    return value.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
  }

  /** How many steps the refiner will do, as far as that can be said before it starts. */
  int refinerSteps() {
    return job.refiner()
        .map(refiner -> refiner.steps(job.sampling().numInferenceSteps()))
        .orElse(0);
  }
}

package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.types.Shape;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.OutputType;
import farm.darkroom.common.job.RefinerChoice;
import farm.darkroom.sdxl.pipeline.Denoising;
import farm.darkroom.sdxl.pipeline.PictureSource;
import farm.darkroom.sdxl.pipeline.Request;
import farm.darkroom.sdxl.pipeline.StableDiffusionXLPipeline;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.worker.Output;
import farm.darkroom.worker.picture.Picture;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Renders the images of a job, one after the other. For one thread. */
final class ImageRun {
  private final StableDiffusionXLPipeline base;
  private final Optional<StableDiffusionXLPipeline> refiner;
  private final StepCount steps;
  private final StageTimes times;
  private final Set<String> warnings = new LinkedHashSet<>();

  ImageRun(
      StableDiffusionXLPipeline base,
      Optional<StableDiffusionXLPipeline> refiner,
      StepCount steps,
      StageTimes times) {
    this.base = requireNonNull(base, "base");
    this.refiner = requireNonNull(refiner, "refiner");
    this.steps = requireNonNull(steps, "steps");
    this.times = requireNonNull(times, "times");
  }

  /** What the user should know, each thing once. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** One image, from what it starts from to what it comes to. */
  Output image(Requests requests, PictureSource source) {
    OutputType type = requests.job().outputType();
    Request first = requests.base(source);
    if (refiner.isEmpty()) {
      return denoise(base, first, requests, run -> output(base, run, type));
    }
    RefinerChoice choice = requests.job().refiner().orElseThrow();
    PictureSource handedOver = denoise(base, first, requests, run -> handOver(run, source, choice));
    base.leave();
    Request second = requests.refiner(choice, handedOver);
    StableDiffusionXLPipeline last = refiner.get();
    Output output = denoise(last, second, requests, run -> output(last, run, type));
    last.leave();
    return output;
  }

  private PictureSource handOver(Denoising run, PictureSource source, RefinerChoice choice) {
    if (choice.denoisingStart().isEmpty()) {
      return new PictureSource.Picture(decode(base, run), choice.strength().orElseThrow());
    }
    float[] values = values(run);
    return source instanceof PictureSource.Masked masked && !base.seesMasks()
        ? new PictureSource.MaskedLatents(values, masked)
        : new PictureSource.Latents(values);
  }

  private <T> T denoise(
      StableDiffusionXLPipeline pipeline,
      Request request,
      Requests requests,
      Function<Denoising, T> end) {
    try (Denoising run = times.time("text", () -> start(pipeline, request))) {
      warnings.addAll(run.warnings());
      steps.begin(run.steps() + requests.refinerSteps());
      while (run.hasNext()) {
        times.time("denoise", run::next);
        steps.step();
      }
      return end.apply(run);
    }
  }

  private static Denoising start(StableDiffusionXLPipeline pipeline, Request request) {
    return EngineFailures.during(FailureKind.INVALID_JOB, "start", () -> pipeline.start(request));
  }

  private Output output(StableDiffusionXLPipeline pipeline, Denoising run, OutputType type) {
    return switch (type) {
      case LATENT -> new Output.Latents(LatentsFile.of(shape(run), values(run)));
      case PIL -> {
        values(run);
        Raster raster = decode(pipeline, run);
        yield new Output.Image(new Picture(raster.width(), raster.height(), raster.samples()));
      }
    };
  }

  private Raster decode(StableDiffusionXLPipeline pipeline, Denoising run) {
    return times.time("decode", () -> pipeline.decode(run));
  }

  private static Shape shape(Denoising run) {
    return run.latents().getShape();
  }

  /** The latents; they must be numbers. */
  private static float[] values(Denoising run) {
    float[] values = run.values();
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new FarmException(
            FailureKind.RENDER_FAILED,
            "latents are not finite after the last of %d steps".formatted(run.steps()));
      }
    }
    return values;
  }
}

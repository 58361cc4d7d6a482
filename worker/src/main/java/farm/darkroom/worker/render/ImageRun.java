package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.types.Shape;
import farm.darkroom.common.Counted;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RefinerChoice;
import farm.darkroom.sdxl.pipeline.Denoising;
import farm.darkroom.sdxl.pipeline.PictureSource;
import farm.darkroom.sdxl.pipeline.Request;
import farm.darkroom.sdxl.pipeline.StableDiffusionXLPipeline;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.sdxl.weights.NonFiniteWeights;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.render.engine.EngineFailures;
import farm.darkroom.worker.render.input.Sources;
import java.util.Optional;

/** Renders one image of a job. Not thread-safe. */
final class ImageRun {
  private final JobRun job;
  private final Requests requests;
  private PictureSource source;

  /**
   * @param source what the first model starts from
   */
  ImageRun(JobRun job, Requests requests, PictureSource source) {
    this.job = requireNonNull(job, "job");
    this.requests = requireNonNull(requests, "requests");
    this.source = requireNonNull(source, "source");
  }

  JobRun job() {
    return job;
  }

  /** The loop of the base. */
  Denoising startBase(StableDiffusionXLPipeline base) {
    return start(base, requests.base(source));
  }

  /** The loop of the refiner, once the base is done. */
  Denoising startRefiner(StableDiffusionXLPipeline refiner) {
    Size size =
        source instanceof PictureSource.Picture made
            ? Sources.refined(made.image(), refiner.sizes())
            : requests.size();
    return start(refiner, requests.refiner(refinerChoice(), source, size));
  }

  private Denoising start(StableDiffusionXLPipeline pipeline, Request request) {
    return job.times()
        .time(
            "text",
            () ->
                EngineFailures.during(
                    FailureKind.INVALID_JOB, "start", () -> pipeline.start(request)));
  }

  /** Says how many steps there are. */
  void begin(Denoising run) {
    job.warn(run.warnings());
    job.steps().begin(run.steps() + requests.refinerSteps());
  }

  /** What the last model leaves is the output. */
  void finish(StableDiffusionXLPipeline pipeline, Denoising run) {
    float[] values = values(pipeline, run);
    job.put(
        switch (requests.job().outputType()) {
          case LATENT -> new Output.Latents(LatentsFile.of(shape(run), values));
          case PIL -> {
            Raster raster = decode(pipeline, run);
            yield new Output.Image(new Picture(raster.width(), raster.height(), raster.samples()));
          }
        });
  }

  /** What the base leaves is what the refiner starts from. */
  void toRefiner(StableDiffusionXLPipeline base, Denoising run) {
    RefinerChoice refiner = refinerChoice();
    if (refiner.denoisingStart().isEmpty()) {
      source = new PictureSource.Picture(decode(base, run), refiner.strength().orElseThrow());
      return;
    }
    float[] values = values(base, run);
    source =
        source instanceof PictureSource.Masked masked && !base.isInpainting()
            ? new PictureSource.MaskedLatents(values, masked)
            : new PictureSource.Latents(values);
  }

  private RefinerChoice refinerChoice() {
    return requests.job().refiner().orElseThrow();
  }

  private Raster decode(StableDiffusionXLPipeline pipeline, Denoising run) {
    Raster raster = job.times().time("decode", () -> pipeline.decode(run));
    if (isBlack(raster)) {
      pipeline
          .nonFiniteWeight()
          .ifPresent(
              why -> {
                throw new FarmException(
                    FailureKind.RENDER_FAILED, "the picture is all black: " + why);
              });
    }
    return raster;
  }

  private static boolean isBlack(Raster raster) {
    for (byte sample : raster.samples()) {
      if (sample != 0) {
        return false;
      }
    }
    return true;
  }

  private static Shape shape(Denoising run) {
    return run.latents().getShape();
  }

  /** The latents; they must be numbers. */
  private float[] values(StableDiffusionXLPipeline pipeline, Denoising run) {
    float[] values = run.values();
    for (float value : values) {
      if (!Float.isFinite(value)) {
        String why =
            pipeline
                .nonFiniteWeight()
                .or(this::nonFiniteEmbedding)
                .orElse("a sampler setting or a weight leads to NaN or infinity");
        throw new FarmException(
            FailureKind.RENDER_FAILED,
            "latents are not finite after the last of %s: %s"
                .formatted(Counted.of(run.steps(), "step"), why));
      }
    }
    return values;
  }

  private Optional<String> nonFiniteEmbedding() {
    return requests.inversions().stream()
        .flatMap(inversion -> NonFiniteWeights.firstOf(inversion.file()).stream())
        .findFirst();
  }
}

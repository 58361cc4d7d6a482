package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RefinerChoice;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.SourceImage;
import farm.darkroom.sdxl.pipeline.PictureSource;
import farm.darkroom.sdxl.pipeline.RequestCheck;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.worker.render.engine.EngineFailures;
import java.util.Optional;

/**
 * Checks that the models of a job can do what it asks, so that a refiner's refusal is reported
 * before the base has rendered anything.
 */
record CapabilityCheck(RequestCheck base, Optional<RequestCheck> refiner) {
  /** No check looks at the size. */
  private static final Size ANY = new Size(8, 8);

  CapabilityCheck {
    requireNonNull(base, "base");
    requireNonNull(refiner, "refiner");
  }

  /**
   * Checks the job against both models.
   *
   * @param source what the first one starts from
   * @throws FarmException INVALID_JOB for what one of them would refuse when its turn comes
   */
  void check(RenderJob job, PictureSource source) {
    requireMasks(job);
    EngineFailures.run(
        FailureKind.INVALID_JOB,
        "job",
        () -> {
          base.check(requests(job).base(source));
          refiner.ifPresent(model -> check(job, model));
        });
  }

  private static void check(RenderJob job, RequestCheck model) {
    RefinerChoice choice = job.refiner().orElseThrow();
    PictureSource standIn =
        choice.denoisingStart().isPresent()
            ? new PictureSource.Latents(new float[0])
            : new PictureSource.Picture(picture(), choice.strength().orElseThrow());
    model.check(requests(job).refiner(choice, standIn, ANY));
  }

  private static Raster picture() {
    return new Raster(ANY, 1, new byte[ANY.height() * ANY.width()]);
  }

  private static Requests requests(RenderJob job) {
    return new Requests(job.single(0), ANY);
  }

  private void requireMasks(RenderJob job) {
    if (refiner.filter(RequestCheck::isInpainting).isPresent()) {
      throw FarmException.invalidJob(
          "$.refiner.model: found an inpainting model, which cannot go on from another's picture");
    }
    if (refiner.filter(RequestCheck::isEditing).isPresent()) {
      throw FarmException.invalidJob(
          "$.refiner.model: found a model that edits pictures by instruction, which cannot go on from another's picture");
    }
    boolean handsOver = job.refiner().flatMap(RefinerChoice::denoisingStart).isPresent();
    if (handsOver
        && base.isInpainting()
        && job.source().flatMap(SourceImage::paddingMaskCrop).isPresent()) {
      throw FarmException.invalidJob(
          "$.refiner.denoising_start: found with padding_mask_crop and an inpainting model, allowed: refiner.strength");
    }
  }
}

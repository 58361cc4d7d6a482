package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.pipeline.Denoising;
import farm.darkroom.sdxl.pipeline.StableDiffusionXLPipeline;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Takes images through base and refiner in groups of a given size. Not thread-safe. */
final class BatchRender {
  private final StableDiffusionXLPipeline base;
  private final Optional<StableDiffusionXLPipeline> refiner;
  private final LongSupplier nanos;
  private final Previews previews;

  /**
   * @param nanos a monotonic clock, in nanoseconds
   */
  BatchRender(
      StableDiffusionXLPipeline base,
      Optional<StableDiffusionXLPipeline> refiner,
      LongSupplier nanos,
      Previews previews) {
    this.nanos = requireNonNull(nanos, "nanos");
    this.previews = requireNonNull(previews, "previews");
    this.base = requireNonNull(base, "base");
    this.refiner = requireNonNull(refiner, "refiner");
  }

  /**
   * Makes all images, each one's output going to its job.
   *
   * @param pictures the most that may share a pass
   */
  void render(List<ImageRun> images, int pictures) {
    for (int first = 0; first < images.size(); first += pictures) {
      renderGroup(images.subList(first, Math.min(first + pictures, images.size())));
    }
  }

  private void renderGroup(List<ImageRun> images) {
    if (refiner.isEmpty()) {
      pass(image -> image.startBase(base), (image, run) -> image.finish(base, run)).take(images);
      return;
    }
    StableDiffusionXLPipeline last = refiner.get();
    pass(image -> image.startBase(base), (image, run) -> image.toRefiner(base, run)).take(images);
    base.endStage();
    pass(image -> image.startRefiner(last), (image, run) -> image.finish(last, run)).take(images);
    last.endStage();
  }

  private ModelPass pass(Function<ImageRun, Denoising> start, BiConsumer<ImageRun, Denoising> end) {
    return new ModelPass(nanos, previews, start, end);
  }
}

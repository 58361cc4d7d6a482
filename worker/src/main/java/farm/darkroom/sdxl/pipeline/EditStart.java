package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.List;

/**
 * Editing by instruction (diffusers: {@code StableDiffusionXLInstructPix2PixPipeline}). The picture
 * is the mode of the VAE's posterior, for which nothing is drawn.
 *
 * @param scaled whether the picture's latents are scaled by the VAE's factor (diffusers: {@code
 *     is_cosxl_edit})
 */
record EditStart(StartContext context, boolean scaled) {

  Start of(PictureSource.Edited source) {
    NDArray latents = context.pureNoise(context.draw());
    return new Start(
        latents,
        context.noise(),
        new EditingCanvas(kernels(), pictures(source)),
        picture -> picture);
  }

  /** For each prediction what it sees of the picture: as {@link Guidance} has them in order. */
  private NDArray pictures(PictureSource.Edited source) {
    try (NDManager own = context.scope().newSubManager()) {
      NDArray picture = context.processor().preprocess(own, source.image(), context.framing());
      NDArray mode = context.components().vae().mode(own, picture);
      double factor = scaled ? context.latentScale().factor() : 1;
      List<NDArray> seen =
          context.request().sampling().guidance().doClassifierFreeGuidance()
              ? List.of(times(own, mode, factor), times(own, mode, factor), times(own, mode, 0))
              : List.of(times(own, mode, factor));
      return kernels().tensor(context.scope(), "joined", seen, 0);
    }
  }

  private NDArray times(NDManager owner, NDArray latents, double factor) {
    return kernels().tensor(owner, "linear_combination", List.of(latents), new double[] {factor});
  }

  private Kernels kernels() {
    return context.kernels();
  }
}

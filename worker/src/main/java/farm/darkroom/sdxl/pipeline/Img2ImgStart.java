package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Image to image (diffusers: {@code prepare_latents} of the image to image pipeline). */
record Img2ImgStart(StartContext context) {

  Start of(PictureSource.Picture source) {
    NDArray latents = encoded(source);
    if (context.request().sampling().denoisingStart().isPresent()) {
      return Start.plain(latents, context.noise());
    }
    return Start.plain(context.noisy(latents, context.draw()), context.noise());
  }

  /** Frees the picture, whose memory the whole loop would miss. */
  private NDArray encoded(PictureSource.Picture source) {
    try (NDManager own = context.scope().newSubManager()) {
      NDArray picture = context.processor().preprocess(own, source.image(), context.framing());
      return context.encode(picture, context.latentScale());
    }
  }
}

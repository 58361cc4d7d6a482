package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;

/** Image to image (diffusers: {@code prepare_latents} of the image to image pipeline). */
record PictureStart(StartContext context) {

  Start of(PictureSource.Picture source) {
    NDArray picture =
        context.processor().preprocess(context.scope(), source.image(), context.framing());
    NDArray latents = context.encode(picture, context.latentScale());
    if (context.request().sampling().denoisingStart().isPresent()) {
      return Start.plain(latents, context.noise());
    }
    return Start.plain(context.noisy(latents, context.draw()), context.noise());
  }
}

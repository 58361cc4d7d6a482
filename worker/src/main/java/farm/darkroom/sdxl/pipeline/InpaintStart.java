package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.vae.Box;
import farm.darkroom.sdxl.vae.LatentScale;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.sdxl.vae.Resizing;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.sdxl.vae.VaeImageProcessor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Inpainting (diffusers: {@code StableDiffusionXLInpaintPipeline}). A UNet of 4 channels repaints
 * all and has the kept part put back after each step; one of 9 sees mask and masked picture.
 */
record InpaintStart(StartContext context, PictureSource.Masked source) {

  Start start() {
    Optional<Box> crop = crop();
    Resizing framing = framing(crop);
    try (NDManager pictures = context.scope().newSubManager()) {
      NDArray picture = context.processor().preprocess(pictures, source.image(), framing);
      NDArray mask = context.processor().preprocessMask(pictures, source.mask(), framing);
      return isInpainting()
          ? nineChannels(pictures, picture, mask, finish(crop))
          : fourChannels(picture, mask, finish(crop));
    }
  }

  /**
   * The same for a second model that goes on from latents, whose kept part the first one left clean
   * (diffusers: the inpainting pipeline with latents as its image).
   */
  Start start(NDArray handedOver) {
    if (isInpainting()) {
      return Start.plain(handedOver, context.noise());
    }
    Optional<Box> crop = crop();
    NDArray drawn = context.draw();
    NDArray latents = kernels().tensor(context.scope(), "joined", List.of(handedOver), 0);
    try (NDManager pictures = context.scope().newSubManager()) {
      NDArray mask = context.processor().preprocessMask(pictures, source.mask(), framing(crop));
      LatentCanvas canvas =
          new InpaintingCanvas(kernels(), context.scheduler(), handedOver, drawn, latentMask(mask));
      return new Start(latents, context.noise(), canvas, finish(crop));
    }
  }

  /** How pictures are brought to the request's size. */
  Resizing framing() {
    return framing(crop());
  }

  private Resizing framing(Optional<Box> crop) {
    Size size = context.request().size();
    return crop.map(box -> Resizing.cropped(size, box)).orElseGet(() -> Resizing.stretched(size));
  }

  private Start fourChannels(NDArray picture, NDArray mask, UnaryOperator<Raster> finish) {
    NDArray image = context.encode(picture, scale());
    NDArray drawn = context.draw();
    NDArray latents = first(image, drawn);
    if (context.components().vae().hasPosterior()) {
      context.draw(); // diffusers encodes the masked picture here too, and draws for it
    }
    LatentCanvas canvas =
        new InpaintingCanvas(kernels(), context.scheduler(), image, drawn, latentMask(mask));
    return new Start(latents, context.noise(), canvas, finish);
  }

  private Start nineChannels(
      NDManager pictures, NDArray picture, NDArray mask, UnaryOperator<Raster> finish) {
    NDArray latents =
        isPureNoise()
            ? context.pureNoise(context.draw())
            : first(context.encode(picture, scale()), context.draw());
    NDArray masked = kernels().tensor(pictures, "masked_out", picture, mask);
    LatentCanvas canvas =
        new MaskChannelsCanvas(kernels(), latentMask(mask), context.encode(masked, scale()));
    return new Start(latents, context.noise(), canvas, finish);
  }

  private NDArray first(NDArray image, NDArray drawn) {
    if (context.request().sampling().denoisingStart().isPresent()) {
      return kernels().tensor(context.scope(), "joined", List.of(image), 0);
    }
    return isPureNoise() ? context.pureNoise(drawn) : context.noisy(image, drawn);
  }

  private boolean isPureNoise() {
    return source.strength() == 1 && context.request().sampling().denoisingStart().isEmpty();
  }

  private NDArray latentMask(NDArray mask) {
    Shape shape = context.shape();
    return kernels().tensor(context.scope(), "latent_mask", mask, shape.get(2), shape.get(3));
  }

  private UnaryOperator<Raster> finish(Optional<Box> crop) {
    return crop.<UnaryOperator<Raster>>map(
            box ->
                painted ->
                    VaeImageProcessor.applyOverlay(
                        source.mask(), source.image(), painted, Optional.of(box)))
        .orElseGet(UnaryOperator::identity);
  }

  private Optional<Box> crop() {
    return source.crop(context.request().size());
  }

  /** As in diffusers, the factor alone. */
  private LatentScale scale() {
    return context.latentScale().factorOnly();
  }

  private boolean isInpainting() {
    return context.components().unet().config().isInpainting();
  }

  private Kernels kernels() {
    return context.kernels();
  }
}

package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.schedulers.Noise;
import farm.darkroom.sdxl.schedulers.Scheduler;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.List;

/**
 * Makes the latents that a request starts from. The generator of the request's seed is drawn from
 * in the order of diffusers' pipelines, so that a seed gives diffusers' picture.
 */
record Canvas(
    Kernels kernels,
    Components components,
    Scheduler scheduler,
    DenoisingWindow window,
    Request request,
    NDManager scope) {

  Start start() {
    Noise noise = Noise.ofSeeds(request.sampling().seed());
    PictureSource source = request.source();
    if (source instanceof PictureSource.Latents latents) {
      return new Start(handedOver(latents.values()), noise, LatentCanvas.PLAIN);
    }
    return pureNoise(noise);
  }

  private Start pureNoise(Noise noise) {
    NDArray latents =
        kernels.tensor(
            scope,
            "linear_combination",
            List.of(draw(noise)),
            new double[] {scheduler.initNoiseSigma()});
    return new Start(latents, noise, LatentCanvas.PLAIN);
  }

  private NDArray draw(Noise noise) {
    Shape shape = shape();
    return scope.create(noise.draw(shape.getShape()), shape);
  }

  private NDArray handedOver(float[] values) {
    if (values.length != shape().size()) {
      throw new SdxlException(
          "%d latent values were handed over, %s are expected".formatted(values.length, shape()));
    }
    return scope.create(values, shape());
  }

  private Shape shape() {
    int factor = components.vae().config().vaeScaleFactor();
    Size size = request.size();
    return new Shape(
        1,
        components.vae().config().latentChannels(),
        size.height() / factor,
        size.width() / factor);
  }
}

package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.schedulers.Noise;
import farm.darkroom.sdxl.schedulers.Scheduler;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.vae.LatentScale;
import farm.darkroom.sdxl.vae.Resizing;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.sdxl.vae.VaeImageProcessor;
import java.util.List;

/**
 * What the ways to start a request share: its generator, the VAE, the scheduler's noise. They draw
 * in the order of diffusers' pipelines, so that a seed gives diffusers' picture.
 *
 * @param cosxlEdit whether a picture that is edited is scaled as those that are rendered
 * @param scope owns every tensor of the request
 */
record StartContext(
    Kernels kernels,
    Components components,
    Scheduler scheduler,
    DenoisingWindow window,
    Request request,
    Noise noise,
    boolean cosxlEdit,
    NDManager scope) {

  /** The start that the request's source asks for. */
  Start start() {
    PictureSource source = request.source();
    if (source instanceof PictureSource.Picture picture) {
      return new Img2ImgStart(this).of(picture);
    } else if (source instanceof PictureSource.Edited edited) {
      return new EditStart(this, cosxlEdit).of(edited);
    } else if (source instanceof PictureSource.Masked masked) {
      return new InpaintStart(this, masked).start();
    } else if (source instanceof PictureSource.Latents latents) {
      return Start.plain(handedOver(latents.values()), noise);
    } else if (source instanceof PictureSource.MaskedLatents latents) {
      return new InpaintStart(this, latents.masked()).start(handedOver(latents.values()));
    }
    return Start.plain(pureNoise(draw()), noise);
  }

  /** Initial noise, scaled by the scheduler's {@code init_noise_sigma}. */
  NDArray pureNoise(NDArray drawn) {
    double[] sigma = {scheduler.initNoiseSigma()};
    return kernels.tensor(scope, "linear_combination", List.of(drawn), sigma);
  }

  /** The next values of the generator, in the shape of the latents. */
  NDArray draw() {
    return draw(shape());
  }

  NDArray draw(Shape shape) {
    return scope.create(noise.draw(shape.getShape()), shape);
  }

  /** Latents {@code [1, 4, h, w]} of a preprocessed picture, drawn from the VAE's posterior. */
  NDArray encode(NDArray picture, LatentScale scale) {
    NDArray latents = components.vae().encode(scope, picture, this::draw);
    return scale.scaled(scope, kernels, latents);
  }

  /** The latents with noise as strong as before the first step of the window. */
  NDArray noisy(NDArray latents, NDArray drawn) {
    NDArray noisy = scheduler.addNoise(latents, drawn, window.begin());
    noisy.attach(scope);
    return noisy;
  }

  LatentScale latentScale() {
    return components.vae().config().latentScale();
  }

  /** How the request's pictures are brought to its size. */
  Resizing framing() {
    return request.source() instanceof PictureSource.Masked masked
        ? new InpaintStart(this, masked).framing()
        : Resizing.stretched(request.size());
  }

  VaeImageProcessor processor() {
    return new VaeImageProcessor(kernels, components.vae().config().vaeScaleFactor());
  }

  Shape shape() {
    int factor = components.vae().config().vaeScaleFactor();
    Size size = request.size();
    int channels = components.vae().config().latentChannels();
    return new Shape(1, channels, size.height() / factor, size.width() / factor);
  }

  private NDArray handedOver(float[] values) {
    if (values.length != shape().size()) {
      throw new SdxlException(
          "%d latent values were handed over, %s are expected".formatted(values.length, shape()));
    }
    return scope.create(values, shape());
  }
}

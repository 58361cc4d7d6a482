package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.memory.StageMemory;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.ConfigReader;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.ResidentWeights;
import farm.darkroom.sdxl.weights.WeightLoader;
import java.util.Optional;

/**
 * Makes small pictures of latents with an {@code AutoencoderTiny}: larger latents are averaged
 * until the picture is 512 pixels long, which bounds time and memory. Not thread-safe.
 */
public final class PreviewDecoder implements AutoCloseable {
  /** The longest side of a preview, in pixels. */
  private static final int LONGEST = 512;

  private static final int RGB = 3;
  private final Kernels kernels;
  private final ResidentWeights weights;
  private final Autoencoder vae;

  private PreviewDecoder(Kernels kernels, ResidentWeights weights, Autoencoder vae) {
    this.kernels = kernels;
    this.weights = weights;
    this.vae = vae;
  }

  /**
   * Refuses what this cannot decode with.
   *
   * @throws farm.darkroom.sdxl.SdxlException naming file, key or tensor, found and expected
   */
  public static void check(Component component) {
    if (!(AutoencoderConfig.of(component) instanceof TinyVaeConfig tiny)) {
      throw ConfigReader.of(component).refusal("_class_name", "AutoencoderTiny");
    }
    if (tiny.latentChannels() != LatentRgb.CHANNELS) {
      throw ConfigReader.of(component).refusal("latent_channels", "4, as SDXL's latents have");
    }
    if (tiny.outChannels() != RGB) {
      throw ConfigReader.of(component).refusal("out_channels", "3");
    }
    WeightCheck.check(component.checkpoint(), AutoencoderTiny.groups(tiny));
  }

  /** Opens what {@link #check} let through; weights come with the first picture, and stay. */
  public static PreviewDecoder open(Component component, Kernels kernels, Dtype dtype) {
    ResidentWeights weights =
        new ResidentWeights(new WeightLoader(component.checkpoint(), kernels, dtype));
    return new PreviewDecoder(kernels, weights, Autoencoder.of(component, kernels, weights));
  }

  /** Bytes that the weights and the largest picture take. */
  public static long bytes(Component component, Dtype dtype) {
    StageMemory decode =
        new VaeMemory(AutoencoderConfig.of(component), Precision.of(dtype), Optional.empty())
            .decode(new Size(LONGEST, LONGEST));
    return decode.weights() + decode.laidOut() + decode.tensors();
  }

  /**
   * The picture.
   *
   * @param latents {@code [1, 4, height/8, width/8]}, as the UNet has them
   */
  public Raster decode(NDArray latents) {
    try (NDManager scope = kernels.manager().newSubManager()) {
      NDArray small = reduced(scope, latents);
      NDArray unscaled = vae.config().latentScale().unscaled(scope, kernels, small);
      return vae.decodeRgb8(unscaled).get(0);
    }
  }

  private NDArray reduced(NDManager scope, NDArray latents) {
    Shape shape = latents.getShape();
    long height = shape.get(2);
    long width = shape.get(3);
    double share = (double) LONGEST / vae.config().vaeScaleFactor() / Math.max(height, width);
    return share >= 1
        ? latents
        : kernels.tensor(
            scope, "vae_reduced", latents, scaled(height, share), scaled(width, share));
  }

  private static long scaled(long side, double share) {
    return Math.max(1, Math.round(side * share));
  }

  @Override
  public void close() {
    weights.close();
  }
}

package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.Weights;
import java.util.List;
import java.util.function.Function;

/**
 * Turns pictures into latents and back. Pictures are float32 {@code [n, 3, height, width]} in -1 to
 * 1, latents float32 {@code [n, latentChannels, height / f, width / f]} as the model has them: the
 * caller applies {@link AutoencoderConfig#latentScale()}. Not thread-safe.
 */
public sealed interface Autoencoder permits AutoencoderKL, AutoencoderTiny {

  /**
   * The model of a component, of the class that its config names.
   *
   * @param weights of the component's checkpoint, in the model's compute dtype
   * @throws farm.darkroom.sdxl.SdxlException for a class or value that is not supported
   */
  static Autoencoder of(Component component, Kernels kernels, Weights weights) {
    return of(component, kernels, weights, weights);
  }

  /** Opens an autoencoder whose encoder and decoder compute in different dtypes. */
  static Autoencoder of(Component component, Kernels kernels, Weights encoding, Weights decoding) {
    AutoencoderConfig config = AutoencoderConfig.of(component);
    return config instanceof TinyVaeConfig tiny
        ? AutoencoderTiny.of(tiny, kernels, encoding, decoding)
        : AutoencoderKL.of((VaeConfig) config, component, kernels, encoding, decoding);
  }

  /**
   * Every weight that the model of a component needs.
   *
   * @throws farm.darkroom.sdxl.SdxlException for a class or value that is not supported
   */
  static List<WeightGroup> groups(Component component) {
    AutoencoderConfig config = AutoencoderConfig.of(component);
    return config instanceof TinyVaeConfig tiny
        ? AutoencoderTiny.groups(tiny)
        : AutoencoderKL.groups((VaeConfig) config, component);
  }

  AutoencoderConfig config();

  /** Whether {@link #encode} draws noise. */
  boolean hasPosterior();

  /** Every weight that the model needs, in the order of use: encoder, then decoder. */
  List<WeightGroup> groups();

  /** This model, taking batches picture by picture. */
  Autoencoder withSlicing();

  /**
   * This model, taking pictures larger than a tile tile by tile; {@link AutoencoderConfig#tiling()}
   * has diffusers' tiles.
   */
  Autoencoder withTiling(Tiling tiling);

  /** Latents to pictures. */
  NDArray decode(NDManager owner, NDArray latents);

  /**
   * Latents to rasters, as diffusers' {@code VaeImageProcessor.postprocess} gives them for {@link
   * #decode}, black where that is not a number; with tiles the picture is never there as floats.
   */
  List<Raster> decodeRgb8(NDArray latents);

  /**
   * Pictures to latents, drawn from the posterior where the model has one (diffusers: {@code
   * retrieve_latents}).
   *
   * @param noise gives standard normal noise of a shape; a model without posterior draws none
   */
  NDArray encode(NDManager owner, NDArray pictures, Function<Shape, NDArray> noise);
}

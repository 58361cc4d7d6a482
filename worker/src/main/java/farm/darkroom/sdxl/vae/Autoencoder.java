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
import java.util.stream.Stream;

/**
 * Turns pictures into latents and back. Pictures are float32 {@code [n, 3, height, width]} in -1 to
 * 1, latents float32 {@code [n, latentChannels, height / f, width / f]} as the model has them: the
 * caller applies {@link AutoencoderConfig#latentScale()}. Not thread-safe.
 */
public abstract sealed class Autoencoder permits AutoencoderKL, AutoencoderTiny {
  final Coder encoder;
  final Coder decoder;

  Autoencoder(Coder encoder, Coder decoder) {
    this.encoder = encoder;
    this.decoder = decoder;
  }

  /**
   * The model of a component, of the class that its config names.
   *
   * @param weights of the component's checkpoint, in the model's compute dtype
   * @throws farm.darkroom.sdxl.SdxlException for a class or value that is not supported
   */
  public static Autoencoder of(Component component, Kernels kernels, Weights weights) {
    return of(component, kernels, weights, weights);
  }

  /** Opens an autoencoder whose encoder and decoder compute in different dtypes. */
  public static Autoencoder of(
      Component component, Kernels kernels, Weights encoding, Weights decoding) {
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
  public static List<WeightGroup> groups(Component component) {
    AutoencoderConfig config = AutoencoderConfig.of(component);
    return config instanceof TinyVaeConfig tiny
        ? AutoencoderTiny.groups(tiny)
        : AutoencoderKL.groups((VaeConfig) config, component);
  }

  static List<WeightGroup> groups(List<Block> encoder, List<Block> decoder) {
    return Stream.concat(encoder.stream(), decoder.stream()).map(Block::weights).toList();
  }

  public abstract AutoencoderConfig config();

  /** Whether {@link #encode} draws noise. */
  public abstract boolean hasPosterior();

  /**
   * This model, taking pictures larger than a tile tile by tile; {@link AutoencoderConfig#tiling()}
   * has diffusers' tiles.
   */
  public abstract Autoencoder withTiling(Tiling tiling);

  /** Every weight that the model needs, in the order of use: encoder, then decoder. */
  public final List<WeightGroup> groups() {
    return groups(encoder.chain().blocks(), decoder.chain().blocks());
  }

  /**
   * Pictures to latents, drawn from the posterior where the model has one (diffusers: {@code
   * retrieve_latents}).
   *
   * @param noise gives standard normal noise of a shape; a model without posterior draws none
   */
  public abstract NDArray encode(NDManager owner, NDArray pictures, Function<Shape, NDArray> noise);

  /**
   * Pictures to the likeliest latents (diffusers: {@code retrieve_latents} with {@code argmax}).
   */
  public abstract NDArray mode(NDManager owner, NDArray pictures);

  /** Latents to pictures. */
  public final NDArray decode(NDManager owner, NDArray latents) {
    return decoder.run(owner, latents);
  }

  /**
   * Latents to rasters, as diffusers' {@code VaeImageProcessor.postprocess} gives them for {@link
   * #decode}, black where that is not a number; with tiles the picture is never there as floats.
   */
  public final List<Raster> decodeRgb8(NDArray latents) {
    return decoder.rasters(latents);
  }
}

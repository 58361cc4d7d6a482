package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.List;
import java.util.function.Function;

/**
 * Turns pictures into latents and back. Pictures are float32 {@code [n, 3, height, width]} in -1 to
 * 1, latents float32 {@code [n, latentChannels, height / f, width / f]} as the model has them: the
 * caller applies {@link AutoencoderConfig#latentScale()}. For one thread.
 */
public sealed interface Autoencoder permits AutoencoderKL {

  AutoencoderConfig config();

  /** Every weight that the model needs, in the order of use: encoder, then decoder. */
  List<WeightGroup> groups();

  /** Latents to pictures. */
  NDArray decode(NDManager owner, NDArray latents);

  /**
   * Pictures to latents, drawn from the posterior where the model has one (diffusers: {@code
   * retrieve_latents}).
   *
   * @param noise gives standard normal noise of a shape; a model without posterior draws none
   */
  NDArray encode(NDManager owner, NDArray pictures, Function<Shape, NDArray> noise);
}

package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.Weights;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** SDXL's autoencoder with a Gaussian posterior (diffusers: {@code AutoencoderKL}). */
public final class AutoencoderKL implements Autoencoder {
  private final VaeConfig config;
  private final Kernels kernels;
  private final BlockChain encoder;
  private final BlockChain decoder;

  public AutoencoderKL(VaeConfig config, Kernels kernels, Weights weights) {
    this.config = config;
    this.kernels = kernels;
    this.encoder = new BlockChain(KlBlocks.encoder(config), kernels, weights);
    this.decoder = new BlockChain(KlBlocks.decoder(config), kernels, weights);
  }

  /** Every weight that a model of this config needs, in the order of use. */
  public static List<WeightGroup> groups(VaeConfig config) {
    return Stream.of(KlBlocks.encoder(config), KlBlocks.decoder(config))
        .flatMap(List::stream)
        .map(Block::weights)
        .toList();
  }

  @Override
  public VaeConfig config() {
    return config;
  }

  @Override
  public List<WeightGroup> groups() {
    return groups(config);
  }

  @Override
  public NDArray decode(NDManager owner, NDArray latents) {
    return decoder.run(owner, latents);
  }

  /** The posterior of pictures; its moments belong to {@code owner}. */
  public DiagonalGaussianDistribution posterior(NDManager owner, NDArray pictures) {
    return new DiagonalGaussianDistribution(kernels, encoder.run(owner, pictures));
  }

  @Override
  public NDArray encode(NDManager owner, NDArray pictures, Function<Shape, NDArray> noise) {
    try (NDManager scope = owner.newSubManager()) {
      DiagonalGaussianDistribution posterior = posterior(scope, pictures);
      return posterior.sample(owner, noise.apply(posterior.shape()));
    }
  }
}

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

/** SDXL's autoencoder with a Gaussian posterior (diffusers: {@code AutoencoderKL}). */
public final class AutoencoderKL extends Autoencoder {
  private final VaeConfig config;

  private AutoencoderKL(VaeConfig config, Coder encoder, Coder decoder) {
    super(encoder, decoder);
    this.config = config;
  }

  static AutoencoderKL of(
      VaeConfig config, Component component, Kernels kernels, Weights encoding, Weights decoding) {
    List<Block> encoder = DeprecatedAttention.in(component.checkpoint(), KlBlocks.encoder(config));
    List<Block> decoder = DeprecatedAttention.in(component.checkpoint(), KlBlocks.decoder(config));
    return new AutoencoderKL(
        config,
        Coder.whole(new BlockChain(encoder, kernels, encoding)),
        Coder.whole(new BlockChain(decoder, kernels, decoding)));
  }

  /** The weight groups under the names in the component's file. */
  static List<WeightGroup> groups(VaeConfig config, Component component) {
    return groups(
        DeprecatedAttention.in(component.checkpoint(), KlBlocks.encoder(config)),
        DeprecatedAttention.in(component.checkpoint(), KlBlocks.decoder(config)));
  }

  @Override
  public VaeConfig config() {
    return config;
  }

  @Override
  public boolean hasPosterior() {
    return true;
  }

  @Override
  public AutoencoderKL withTiling(Tiling tiling) {
    TileGrid encoding = TileGrid.encoding(tiling, config.vaeScaleFactor());
    TileGrid decoding = TileGrid.decoding(tiling, config.vaeScaleFactor());
    return new AutoencoderKL(
        config,
        encoder.withTiles(new BlendedTiles(encoding, 2 * config.latentChannels())),
        decoder.withTiles(new BlendedTiles(decoding, config.outChannels())));
  }

  /** The posterior of pictures; its moments belong to {@code owner}. */
  public DiagonalGaussianDistribution posterior(NDManager owner, NDArray pictures) {
    return new DiagonalGaussianDistribution(encoder.kernels(), encoder.run(owner, pictures));
  }

  @Override
  public NDArray encode(NDManager owner, NDArray pictures, Function<Shape, NDArray> noise) {
    try (NDManager scope = owner.newSubManager()) {
      DiagonalGaussianDistribution posterior = posterior(scope, pictures);
      return posterior.sample(owner, noise.apply(posterior.shape()));
    }
  }

  @Override
  public NDArray mode(NDManager owner, NDArray pictures) {
    try (NDManager scope = owner.newSubManager()) {
      return posterior(scope, pictures).mode(owner);
    }
  }
}

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

/** SDXL's autoencoder with a Gaussian posterior (diffusers: {@code AutoencoderKL}). */
public final class AutoencoderKL implements Autoencoder {
  private final VaeConfig config;
  private final Coder encoder;
  private final Coder decoder;

  private AutoencoderKL(VaeConfig config, Coder encoder, Coder decoder) {
    this.config = config;
    this.encoder = encoder;
    this.decoder = decoder;
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

  /** Every weight that a model of this config has, in the order of use. */
  public static List<WeightGroup> groups(VaeConfig config) {
    return groups(KlBlocks.encoder(config), KlBlocks.decoder(config));
  }

  /** The weight groups under the names in the component's file. */
  static List<WeightGroup> groups(VaeConfig config, Component component) {
    return groups(
        DeprecatedAttention.in(component.checkpoint(), KlBlocks.encoder(config)),
        DeprecatedAttention.in(component.checkpoint(), KlBlocks.decoder(config)));
  }

  private static List<WeightGroup> groups(List<Block> encoder, List<Block> decoder) {
    return Stream.concat(encoder.stream(), decoder.stream()).map(Block::weights).toList();
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
  public List<WeightGroup> groups() {
    return groups(encoder.chain().blocks(), decoder.chain().blocks());
  }

  @Override
  public AutoencoderKL withSlicing() {
    return new AutoencoderKL(config, encoder.withSlicing(), decoder.withSlicing());
  }

  @Override
  public AutoencoderKL withTiling(Tiling tiling) {
    int factor = config.vaeScaleFactor();
    TileGrid pixels = TileGrid.encoding(tiling, factor);
    TileGrid latents = TileGrid.decoding(tiling, factor);
    return new AutoencoderKL(
        config,
        encoder.withTiles(new BlendedTiles(pixels, 2 * config.latentChannels())),
        decoder.withTiles(new BlendedTiles(latents, config.outChannels())));
  }

  @Override
  public NDArray decode(NDManager owner, NDArray latents) {
    return decoder.run(owner, latents);
  }

  @Override
  public List<Raster> decodeRgb8(NDArray latents) {
    return decoder.rasters(latents);
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
}

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

/**
 * TAESD, a small autoencoder for quick looks, without a posterior (diffusers: {@code
 * AutoencoderTiny}).
 */
public final class AutoencoderTiny implements Autoencoder {
  private final TinyVaeConfig config;
  private final Coder encoder;
  private final Coder decoder;

  private AutoencoderTiny(TinyVaeConfig config, Coder encoder, Coder decoder) {
    this.config = config;
    this.encoder = encoder;
    this.decoder = decoder;
  }

  static AutoencoderTiny of(
      TinyVaeConfig config, Kernels kernels, Weights encoding, Weights decoding) {
    return new AutoencoderTiny(
        config,
        Coder.whole(new BlockChain(TinyBlocks.encoder(config), kernels, encoding)),
        Coder.whole(new BlockChain(TinyBlocks.decoder(config), kernels, decoding)));
  }

  /** Every weight that a model of this config has, in the order of use. */
  public static List<WeightGroup> groups(TinyVaeConfig config) {
    return Stream.concat(TinyBlocks.encoder(config).stream(), TinyBlocks.decoder(config).stream())
        .map(Block::weights)
        .toList();
  }

  @Override
  public TinyVaeConfig config() {
    return config;
  }

  @Override
  public boolean hasPosterior() {
    return false;
  }

  @Override
  public List<WeightGroup> groups() {
    return groups(config);
  }

  @Override
  public AutoencoderTiny withSlicing() {
    return new AutoencoderTiny(config, encoder.withSlicing(), decoder.withSlicing());
  }

  @Override
  public AutoencoderTiny withTiling(Tiling tiling) {
    int factor = config.vaeScaleFactor();
    TileGrid pixels = TileGrid.encoding(tiling, factor);
    TileGrid latents = TileGrid.decoding(tiling, factor);
    return new AutoencoderTiny(
        config,
        encoder.withTiles(new FadedTiles(pixels, config.latentChannels())),
        decoder.withTiles(new FadedTiles(latents, config.outChannels())));
  }

  @Override
  public NDArray decode(NDManager owner, NDArray latents) {
    return decoder.run(owner, latents);
  }

  @Override
  public List<Raster> decodeRgb8(NDArray latents) {
    return decoder.rasters(latents);
  }

  /** The latents; no noise is drawn. */
  @Override
  public NDArray encode(NDManager owner, NDArray pictures, Function<Shape, NDArray> noise) {
    return encoder.run(owner, pictures);
  }
}

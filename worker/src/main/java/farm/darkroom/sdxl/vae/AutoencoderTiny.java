package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.Weights;
import java.util.List;
import java.util.function.Function;

/**
 * TAESD, a small autoencoder for quick looks, without a posterior (diffusers: {@code
 * AutoencoderTiny}).
 */
public final class AutoencoderTiny extends Autoencoder {
  private final TinyVaeConfig config;

  private AutoencoderTiny(TinyVaeConfig config, Coder encoder, Coder decoder) {
    super(encoder, decoder);
    this.config = config;
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
    return groups(TinyBlocks.encoder(config), TinyBlocks.decoder(config));
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
  public AutoencoderTiny withTiling(Tiling tiling) {
    TileGrid encoding = TileGrid.encoding(tiling, config.vaeScaleFactor());
    TileGrid decoding = TileGrid.decoding(tiling, config.vaeScaleFactor());
    return new AutoencoderTiny(
        config,
        encoder.withTiles(new FadedTiles(encoding, config.latentChannels())),
        decoder.withTiles(new FadedTiles(decoding, config.outChannels())));
  }

  /** The latents; no noise is drawn. */
  @Override
  public NDArray encode(NDManager owner, NDArray pictures, Function<Shape, NDArray> noise) {
    return encoder.run(owner, pictures);
  }

  @Override
  public NDArray mode(NDManager owner, NDArray pictures) {
    return encoder.run(owner, pictures);
  }
}

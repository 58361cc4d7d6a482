package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.List;
import java.util.stream.Stream;

/**
 * What autoencoders have in common: an encoder and a decoder, both of which can work in slices and
 * tiles.
 *
 * @param <A> the autoencoder
 */
abstract class CoderPair<A extends Autoencoder> {
  final Coder encoder;
  final Coder decoder;

  CoderPair(Coder encoder, Coder decoder) {
    this.encoder = encoder;
    this.decoder = decoder;
  }

  /** This autoencoder with other coders of the same weights. */
  abstract A with(Coder newEncoder, Coder newDecoder);

  /** Pixels for each latent, along a side. */
  abstract int vaeScaleFactor();

  /** The tiles in which pictures are encoded. */
  abstract Tiles encoderTiles(TileGrid grid);

  /** The tiles in which latents are decoded. */
  abstract Tiles decoderTiles(TileGrid grid);

  static List<WeightGroup> groups(List<Block> encoder, List<Block> decoder) {
    return Stream.concat(encoder.stream(), decoder.stream()).map(Block::weights).toList();
  }

  public List<WeightGroup> groups() {
    return groups(encoder.chain().blocks(), decoder.chain().blocks());
  }

  public A withSlicing() {
    return with(encoder.withSlicing(), decoder.withSlicing());
  }

  public A withTiling(Tiling tiling) {
    return with(
        encoder.withTiles(encoderTiles(TileGrid.encoding(tiling, vaeScaleFactor()))),
        decoder.withTiles(decoderTiles(TileGrid.decoding(tiling, vaeScaleFactor()))));
  }

  public NDArray decode(NDManager owner, NDArray latents) {
    return decoder.run(owner, latents);
  }

  public List<Raster> decodeRgb8(NDArray latents) {
    return decoder.rasters(latents);
  }
}

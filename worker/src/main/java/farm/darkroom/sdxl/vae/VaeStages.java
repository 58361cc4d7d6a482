package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.memory.Ledger;
import farm.darkroom.sdxl.memory.StageMemory;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.weights.Precision;
import java.util.List;
import java.util.Optional;

/**
 * What encoding and decoding one picture takes, before anything is loaded.
 *
 * @param tiling empty: pictures are taken whole
 */
public record VaeStages(AutoencoderConfig config, Precision precision, Optional<Tiling> tiling) {
  private static final int FLOAT = 4;
  private static final int RGB = 3;
  private static final int EDGES = 2;

  /** Of a picture while it becomes bytes. */
  private static final int FLOATS = 3;

  /** A picture to latents. */
  public StageMemory encode(int height, int width) {
    List<Block> blocks = config instanceof TinyVaeConfig tiny ? TinyBlocks.encoder(tiny) : kl(true);
    int factor = config.vaeScaleFactor();
    long picture = (long) RGB * FLOAT * height * width;
    return stage(
        "encode",
        blocks,
        config.forceUpcast() ? precision.as(Dtype.FLOAT32) : precision,
        tiling.map(t -> TileGrid.encoding(t, factor)),
        new Extent(height, width),
        picture);
  }

  /** Latents to the bytes of a picture. */
  public StageMemory decode(int height, int width) {
    List<Block> blocks =
        config instanceof TinyVaeConfig tiny ? TinyBlocks.decoder(tiny) : kl(false);
    int factor = config.vaeScaleFactor();
    return stage(
        "decode",
        blocks,
        precision,
        tiling.map(t -> TileGrid.decoding(t, factor)),
        new Extent(height / factor, width / factor),
        (long) RGB * height * width * (joinsFloats() ? 1 + FLOATS * FLOAT : 1));
  }

  /** TAESD's tiles are faded into each other, so all of the picture is there before it is bytes. */
  private boolean joinsFloats() {
    return config instanceof TinyVaeConfig && tiling.isPresent();
  }

  /** Of the input. */
  private record Extent(long height, long width) {}

  private List<Block> kl(boolean encoder) {
    VaeConfig kl = (VaeConfig) config;
    return encoder ? KlBlocks.encoder(kl) : KlBlocks.decoder(kl);
  }

  private StageMemory stage(
      String name,
      List<Block> blocks,
      Precision coded,
      Optional<TileGrid> grid,
      Extent extent,
      long rest) {
    long h = extent.height();
    long w = extent.width();
    long tileHeight = grid.map(g -> Math.min(g.tile(), h)).orElse(h);
    long tileWidth = grid.map(g -> Math.min(g.tile(), w)).orElse(w);
    Ledger ledger = CoderWalk.count(blocks, tileHeight, tileWidth);
    long parts = grid.map(g -> (long) g.count(h) * g.count(w)).orElse(1L);
    long edges =
        parts > 1 ? (long) EDGES * RGB * FLOAT * grid.get().blend() * grid.get().scaled(w) : 0;
    return StageMemory.of(
        name,
        new StageMemory.Groups(
            List.of(), blocks.stream().map(Block::weights).toList(), Math.toIntExact(parts)),
        coded,
        ledger.peak() * coded.dtype().bytes() + rest + edges,
        parts * ledger.work());
  }
}

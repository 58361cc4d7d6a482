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
public record VaeStages(AutoencoderConfig config, Dtype dtype, Optional<Tiling> tiling) {
  private static final int FLOAT = 4;
  private static final int RGB = 3;
  private static final int EDGES = 2;

  /** A picture to latents. */
  public StageMemory encode(int height, int width) {
    List<Block> blocks = config instanceof TinyVaeConfig tiny ? TinyBlocks.encoder(tiny) : kl(true);
    int factor = config.vaeScaleFactor();
    long picture = (long) RGB * FLOAT * height * width;
    return stage(
        "encode", blocks, tiling.map(t -> TileGrid.encoding(t, factor)), height, width, picture);
  }

  /** Latents to the bytes of a picture. */
  public StageMemory decode(int height, int width) {
    List<Block> blocks =
        config instanceof TinyVaeConfig tiny ? TinyBlocks.decoder(tiny) : kl(false);
    int factor = config.vaeScaleFactor();
    return stage(
        "decode",
        blocks,
        tiling.map(t -> TileGrid.decoding(t, factor)),
        height / factor,
        width / factor,
        (long) RGB * height * width);
  }

  private List<Block> kl(boolean encoder) {
    VaeConfig kl = (VaeConfig) config;
    return encoder ? KlBlocks.encoder(kl) : KlBlocks.decoder(kl);
  }

  private StageMemory stage(
      String name, List<Block> blocks, Optional<TileGrid> grid, long h, long w, long rest) {
    long tileHeight = grid.map(g -> Math.min(g.tile(), h)).orElse(h);
    long tileWidth = grid.map(g -> Math.min(g.tile(), w)).orElse(w);
    Ledger ledger = CoderWalk.count(blocks, tileHeight, tileWidth);
    long parts = grid.map(g -> (long) g.count(h) * g.count(w)).orElse(1L);
    long edges = parts > 1 ? EDGES * RGB * FLOAT * grid.get().blend() * grid.get().scaled(w) : 0;
    return StageMemory.of(
        name,
        new StageMemory.Groups(
            List.of(), blocks.stream().map(Block::weights).toList(), Math.toIntExact(parts)),
        Precision.of(dtype),
        ledger.peak() * dtype.bytes() + rest + edges,
        parts * ledger.work());
  }
}

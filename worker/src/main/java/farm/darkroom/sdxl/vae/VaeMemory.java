package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.memory.Ledger;
import farm.darkroom.sdxl.memory.StageMemory;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.weights.Precision;
import java.util.List;
import java.util.Optional;

/**
 * Estimates the memory and arithmetic of encoding and decoding one picture, before anything is
 * loaded.
 *
 * @param tiling empty: pictures are taken whole
 */
public record VaeMemory(AutoencoderConfig config, Precision precision, Optional<Tiling> tiling) {
  private static final int FLOAT = 4;
  private static final int RGB = 3;
  private static final int EDGES = 2;

  /** Float32 copies of a picture while it is converted to bytes. */
  private static final int FLOATS = 3;

  /** A picture to latents. */
  public StageMemory encode(Size size) {
    List<Block> blocks = config instanceof TinyVaeConfig tiny ? TinyBlocks.encoder(tiny) : kl(true);
    int factor = config.vaeScaleFactor();
    long picture = (long) RGB * FLOAT * size.height() * size.width();
    return stage(
        "encode",
        blocks,
        config.forceUpcast() ? precision.as(Dtype.FLOAT32) : precision,
        tiling.map(t -> TileGrid.encoding(t, factor)),
        size,
        picture);
  }

  /** Latents to the bytes of a picture. */
  public StageMemory decode(Size size) {
    List<Block> blocks =
        config instanceof TinyVaeConfig tiny ? TinyBlocks.decoder(tiny) : kl(false);
    int factor = config.vaeScaleFactor();
    return stage(
        "decode",
        blocks,
        precision,
        tiling.map(t -> TileGrid.decoding(t, factor)),
        new Size(size.height() / factor, size.width() / factor),
        (long) RGB * size.height() * size.width() * (joinsFloats() ? 1 + FLOATS * FLOAT : 1));
  }

  /** TAESD's tiles are faded into each other, so all of the picture is there before it is bytes. */
  private boolean joinsFloats() {
    return config instanceof TinyVaeConfig && tiling.isPresent();
  }

  private List<Block> kl(boolean encoder) {
    VaeConfig kl = (VaeConfig) config;
    return encoder ? KlBlocks.encoder(kl) : KlBlocks.decoder(kl);
  }

  private StageMemory stage(
      String name,
      List<Block> blocks,
      Precision coded,
      Optional<TileGrid> grid,
      Size input,
      long rest) {
    int h = input.height();
    int w = input.width();
    Size tile = grid.map(g -> new Size(Math.min(g.tile(), h), Math.min(g.tile(), w))).orElse(input);
    Ledger ledger = CoderMemory.count(blocks, tile);
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

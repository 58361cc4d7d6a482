package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.memory.Ledger;
import farm.darkroom.sdxl.weights.Layout;
import farm.darkroom.sdxl.weights.TileMemory;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightSpec;
import java.util.List;

/**
 * Goes through the blocks of an encoder or a decoder as {@link BlockChain#run} does and counts the
 * elements that are alive. Every case mirrors a kernel of {@code vae.py}.
 */
final class CoderWalk {
  private static final int FLOAT_COPIES = 3;
  private static final int ATTENTION = 4;
  private final Ledger ledger = new Ledger();
  private final List<Block> blocks;
  private long height;
  private long width;

  private CoderWalk(List<Block> blocks, Size input) {
    this.blocks = blocks;
    this.height = input.height();
    this.width = input.width();
  }

  /**
   * Counts one picture of a batch of one.
   *
   * @param input its size, in pixels for an encoder, in latents for a decoder
   * @throws IllegalArgumentException for a block of a kernel that is not counted here
   */
  static Ledger count(List<Block> blocks, Size input) {
    CoderWalk walk = new CoderWalk(blocks, input);
    walk.run();
    return walk.ledger;
  }

  private void run() {
    long held = 0;
    for (Block block : blocks) {
      held = step(block, held);
    }
    ledger.during(FLOAT_COPIES * held);
  }

  /** One block on an input of so many elements; gives those of its output. */
  private long step(Block block, long input) {
    WeightGroup group = block.weights();
    long in = channels(group, 1);
    long out = channels(group, 0);
    long before = height * width;
    switch (block.kernel()) {
      case "vae_upsample" -> {
        scale(2, 1);
        ledger.during(2 * places(out) + tiles(out, out));
      }
      case "tiny_upsample" -> {
        scale(2, 1);
        ledger.during(2 * places(out));
      }
      case "vae_downsample", "tiny_downsample" -> {
        scale(1, 2);
        ledger.during(before * in + places(out));
      }
      case "vae_resnet" -> {
        ledger.during(places(in + out) + tiles(in, out));
        ledger.during(places(2 * out) + tiles(out, out));
      }
      case "vae_attention" -> {
        ledger.during(places(ATTENTION * out));
        ledger.work(4.0 * places(out) * places(1));
      }
      case "tiny_block" -> ledger.during(places(2 * out));
      case "vae_encoder_in",
          "vae_encoder_out",
          "vae_decoder_in",
          "vae_decoder_out",
          "tiny_encoder_in",
          "tiny_encoder_out",
          "tiny_decoder_in",
          "tiny_decoder_out" ->
          ledger.during(places(in + out));
      default ->
          throw new IllegalArgumentException("what " + block.kernel() + " takes is not known");
    }
    work(group);
    ledger.hold(places(out));
    ledger.release(input);
    return places(out);
  }

  private void scale(int up, int down) {
    height = height * up / down;
    width = width * up / down;
  }

  private long tiles(long in, long out) {
    return TileMemory.elements(in, out, 1, height, width);
  }

  private long places(long channels) {
    return channels * height * width;
  }

  private void work(WeightGroup group) {
    long products =
        group.weights().stream()
            .filter(weight -> weight.layout() != Layout.PLAIN)
            .mapToLong(WeightSpec::elements)
            .sum();
    ledger.work(2.0 * products * height * width);
  }

  /** Channels in (1) of the group's first matrix, or out (0) of its last but a shortcut. */
  private static long channels(WeightGroup group, int dimension) {
    List<WeightSpec> matrices =
        group.weights().stream()
            .filter(weight -> weight.layout() != Layout.PLAIN)
            .filter(weight -> !weight.key().startsWith("conv_shortcut"))
            .toList();
    WeightSpec matrix = matrices.get(dimension == 1 ? 0 : matrices.size() - 1);
    return matrix.shape().get(dimension);
  }
}

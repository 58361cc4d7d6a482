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
final class CoderMemory {
  private static final int FLOAT_COPIES = 3;
  private static final int ATTENTION = 4;
  private final Ledger ledger = new Ledger();
  private final List<Block> blocks;
  private long height;
  private long width;

  private CoderMemory(List<Block> blocks, Size input) {
    this.blocks = blocks;
    this.height = input.height();
    this.width = input.width();
  }

  /**
   * Counts one picture of a batch of one.
   *
   * @param input its size, in pixels for an encoder, in latents for a decoder
   */
  static Ledger count(List<Block> blocks, Size input) {
    CoderMemory walk = new CoderMemory(blocks, input);
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

  /** Walks one block on an input of this many elements, and returns those of its output. */
  private long step(Block block, long input) {
    WeightGroup group = block.weights();
    long out = channels(group, 0);
    compute(block.kernel(), channels(group, 1), out);
    work(group);
    ledger.hold(places(out));
    ledger.release(input);
    return places(out);
  }

  private void compute(BlockKernel kernel, long in, long out) {
    long before = height * width;
    switch (kernel) {
      case VAE_UPSAMPLE -> {
        long enlarged = TileMemory.enlarged(out, out, 1, height, width);
        scale(2, 1);
        ledger.during(places(out) + (enlarged > 0 ? enlarged : places(out)));
      }
      case TINY_UPSAMPLE -> {
        scale(2, 1);
        ledger.during(2 * places(out));
      }
      case VAE_DOWNSAMPLE, TINY_DOWNSAMPLE -> {
        scale(1, 2);
        ledger.during(before * in + places(out));
      }
      case VAE_RESNET -> {
        ledger.during(places(in + out) + tiles(in, out));
        ledger.during(places(2 * out) + tiles(out, out));
      }
      case VAE_ATTENTION -> {
        ledger.during(places(ATTENTION * out));
        ledger.work(4.0 * places(out) * places(1));
      }
      case TINY_BLOCK -> ledger.during(places(2 * out));
      case VAE_ENCODER_IN, VAE_ENCODER_OUT, VAE_DECODER_IN, VAE_DECODER_OUT ->
          ledger.during(places(in + out));
      case TINY_ENCODER_IN, TINY_ENCODER_OUT, TINY_DECODER_IN, TINY_DECODER_OUT ->
          ledger.during(places(in + out));
    }
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

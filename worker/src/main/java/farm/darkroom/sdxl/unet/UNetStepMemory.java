package farm.darkroom.sdxl.unet;

import farm.darkroom.sdxl.memory.Ledger;
import farm.darkroom.sdxl.weights.TileMemory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Goes through a UNet's step as {@link UNet2DConditionModel#forward} does and counts the elements
 * that are alive. Every case here mirrors a kernel of {@code unet.py}: what is alive beside a
 * kernel's result is counted by reading it line by line.
 */
public final class UNetStepMemory {
  /** Widths of a transformer block's tensors that attention has alive at once. */
  private static final int ATTENTION = 5;

  /** The same count for GEGLU, which processes a limited number of rows at a time. */
  private static final int GEGLU = 12;

  private static final long CHUNK = 4096;

  private final UNetConfig config;
  private final int batch;
  private final long tokens;
  private final Ledger ledger;

  /** Channels, height and width of a tensor that is alive. */
  private record Area(long channels, long height, long width) {
    long places() {
      return height * width;
    }

    Area of(long other) {
      return new Area(other, height, width);
    }
  }

  private UNetStepMemory(UNetConfig config, int batch, long tokens, Ledger ledger) {
    this.config = config;
    this.batch = batch;
    this.tokens = tokens;
    this.ledger = ledger;
  }

  /**
   * Counts one step.
   *
   * @param batch pictures in a pass: two with guidance
   * @param height of the latents
   * @param tokens of the text
   * @param controls uses of ControlNets
   */
  public static Ledger count(
      UNetConfig config, int batch, long height, long width, long tokens, ControlViews controls) {
    Area sample = new Area(config.inChannels(), height, width);
    long outputs = new UNetStepMemory(config, batch, tokens, new Ledger()).outputs(sample);
    Ledger ledger = new Ledger();
    UNetStepMemory walk = new UNetStepMemory(config, batch, tokens, ledger);
    walk.text();
    ledger.hold(controls.images() * config.encoder().baseChannels() * height * width);
    for (int i = 0; i < controls.passes(); i++) {
      walk.encoderText();
      ledger.hold(outputs);
    }
    walk.step(sample);
    return ledger;
  }

  /** Elements of what the way down puts out, and of the middle's: a ControlNet's outputs. */
  private long outputs(Area sample) {
    Deque<Area> skips = wayDown(sample);
    return skips.stream().mapToLong(this::elements).sum() + elements(skips.getLast());
  }

  /** The keys and values of the text, which stay for a whole job. */
  private void text() {
    encoderText();
    config.up().forEach(block -> text(block, block.resnets()));
  }

  /** Those of the way down and the middle, which a ControlNet has too. */
  private void encoderText() {
    config.encoder().down().forEach(block -> text(block, block.resnets()));
    config.encoder().middle().ifPresent(block -> text(block, block.resnets() - 1));
  }

  private void text(BlockConfig block, int attentions) {
    long layers = block.transformerLayers().stream().limit(attentions).mapToLong(l -> l).sum();
    ledger.hold(2L * batch * tokens * layers * block.channels());
  }

  private void step(Area sample) {
    Deque<Area> skips = wayDown(sample);
    Area x = config.encoder().middle().map(b -> middle(b, skips.getLast())).orElse(skips.getLast());
    for (int i = 0; i < config.up().size(); i++) {
      x = up(config.up().get(i), i == config.up().size() - 1, x, skips);
    }
    ledger.during(2 * elements(x));
  }

  private Deque<Area> wayDown(Area sample) {
    Deque<Area> skips = new ArrayDeque<>();
    skips.addLast(convolution(sample, config.encoder().baseChannels(), sample, 3));
    List<BlockConfig> down = config.encoder().down();
    for (int i = 0; i < down.size(); i++) {
      down(down.get(i), i == down.size() - 1, skips);
    }
    return skips;
  }

  private void down(BlockConfig block, boolean last, Deque<Area> skips) {
    for (int i = 0; i < block.resnets(); i++) {
      Area y = resnet(skips.getLast(), block.channels());
      skips.addLast(i < block.transformerLayers().size() ? attended(block, i, y) : y);
    }
    if (!last) {
      Area x = skips.getLast();
      Area half = new Area(x.channels(), (x.height() + 1) / 2, (x.width() + 1) / 2);
      skips.addLast(convolution(x, x.channels(), half, 3));
    }
  }

  private Area middle(BlockConfig block, Area in) {
    Area x = resnet(in, block.channels());
    for (int i = 1; i < block.resnets(); i++) {
      Area attended = attended(block, i - 1, x);
      x = resnet(attended, block.channels());
      release(attended);
    }
    return x;
  }

  private Area up(BlockConfig block, boolean last, Area in, Deque<Area> skips) {
    Area x = in;
    for (int i = 0; i < block.resnets(); i++) {
      Area joined = joined(x, skips.removeLast());
      Area y = resnet(joined, block.channels());
      release(joined);
      x = i < block.transformerLayers().size() ? attended(block, i, y) : y;
    }
    if (last) {
      return x;
    }
    Area larger = skips.getLast().of(x.channels());
    ledger.during(2 * elements(larger) + tiles(larger, x.channels(), x.channels()));
    Area y = convolution(larger, x.channels(), larger, 3);
    release(x);
    return y;
  }

  /** Beside a convolution's input and output: its tiles, or both of them in oneDNN's own layout. */
  private long tiles(Area x, long in, long out) {
    long tiles = TileMemory.elements(in, out, batch, x.height(), x.width());
    return tiles > 0 ? tiles : batch * x.places() * (in + out);
  }

  private Area joined(Area x, Area skip) {
    Area joined = hold(x.of(x.channels() + skip.channels()));
    release(x);
    release(skip);
    return joined;
  }

  /** {@code resnet_block}. */
  private Area resnet(Area x, long out) {
    long in = x.channels();
    ledger.during(batch * x.places() * (in + out) + tiles(x, in, out));
    ledger.during(batch * x.places() * 2 * out + tiles(x, out, out));
    work(x.places() * out * (9 * in + 9 * out + (in == out ? 0 : in)));
    return hold(x.of(out));
  }

  /** Transformer2DModel; its input is freed. */
  private Area attended(BlockConfig block, int index, Area x) {
    long width = (long) block.heads() * (x.channels() / block.heads());
    long places = x.places();
    long rows = batch * places;
    Area y = hold(x);
    ledger.during(width * (rows + Math.max(ATTENTION * rows, GEGLU * Math.min(rows, CHUNK))));
    int layers = block.transformerLayers().get(index);
    work(places * 2 * width * width);
    work(layers * places * width * (18 * width + 2 * places + 2 * tokens));
    release(x);
    return y;
  }

  private Area convolution(Area x, long out, Area to, int kernel) {
    work(to.places() * x.channels() * out * kernel * kernel);
    return hold(to.of(out));
  }

  private Area hold(Area area) {
    ledger.hold(elements(area));
    return area;
  }

  private void release(Area area) {
    ledger.release(elements(area));
  }

  private long elements(Area area) {
    return batch * area.channels() * area.places();
  }

  private void work(long products) {
    ledger.work(2.0 * batch * products);
  }
}

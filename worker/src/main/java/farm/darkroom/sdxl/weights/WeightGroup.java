package farm.darkroom.sdxl.weights;

import java.util.ArrayList;
import java.util.List;

/**
 * The weights of one block: the unit that is mapped, cast, moved and freed. Its name is the block's
 * path in the checkpoint, such as {@code down_blocks.0.resnets.0}.
 */
public record WeightGroup(String name, List<WeightSpec> weights) {

  public WeightGroup {
    weights = List.copyOf(weights);
  }

  /** Starts a group; tensor names are {@code name + "." + key}, or the key alone if it is empty. */
  public static Builder of(String name) {
    return new Builder(name);
  }

  /** Number of parameters. */
  public long parameters() {
    return weights.stream().mapToLong(w -> w.shape().stream().reduce(1L, (a, b) -> a * b)).sum();
  }

  /** Collects the layers of a block under their names in the checkpoint. For one thread. */
  public static final class Builder {
    private final String name;
    private final List<WeightSpec> weights = new ArrayList<>();

    private Builder(String name) {
      this.name = name;
    }

    /** {@code key.weight [out, in]} and {@code key.bias [out]}. */
    public Builder linear(String key, long in, long out) {
      return linearNoBias(key, in, out).tensor(key + ".bias", Layout.PLAIN, out);
    }

    /** {@code key.weight [out, in]}. */
    public Builder linearNoBias(String key, long in, long out) {
      return tensor(key + ".weight", Layout.LINEAR, out, in);
    }

    /** {@code key.weight [out, in, kernel, kernel]} and {@code key.bias [out]}. */
    public Builder convolution(String key, long in, long out, long kernel) {
      return tensor(key + ".weight", Layout.CONVOLUTION, out, in, kernel, kernel)
          .tensor(key + ".bias", Layout.PLAIN, out);
    }

    /** {@code key.weight [width]} and {@code key.bias [width]} of a group or layer norm. */
    public Builder norm(String key, long width) {
      return tensor(key + ".weight", Layout.PLAIN, width)
          .tensor(key + ".bias", Layout.PLAIN, width);
    }

    /** A tensor of any shape. */
    public Builder tensor(String key, Layout layout, long... shape) {
      String tensor = name.isEmpty() ? key : name + "." + key;
      List<Long> sizes = java.util.Arrays.stream(shape).boxed().toList();
      weights.add(new WeightSpec(key, tensor, sizes, layout));
      return this;
    }

    public WeightGroup build() {
      return new WeightGroup(name, weights);
    }
  }
}

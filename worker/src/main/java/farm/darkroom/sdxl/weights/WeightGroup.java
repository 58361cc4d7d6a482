package farm.darkroom.sdxl.weights;

import java.util.ArrayList;
import java.util.Arrays;
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
    return of(name, name);
  }

  /** Starts a group whose tensors lie under another path: one of several groups of that block. */
  public static Builder of(String name, String path) {
    return new Builder(name, path);
  }

  /** Number of parameters. */
  public long parameters() {
    return weights.stream().mapToLong(WeightSpec::elements).sum();
  }

  /** Collects the layers of a block under their names in the checkpoint. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private final String path;
    private final List<WeightSpec> weights = new ArrayList<>();

    private Builder(String name, String path) {
      this.name = name;
      this.path = path;
    }

    /** {@code key.weight [out, in]} and {@code key.bias [out]}. */
    public Builder linear(String key, long in, long out) {
      return linearNoBias(key, in, out).tensor(key + ".bias", Layout.PLAIN, out);
    }

    /** {@code key.weight [2 * out, in]}, values before gates, and {@code key.bias [2 * out]}. */
    public Builder gated(String key, long in, long out) {
      return tensor(key + ".weight", Layout.GATED, 2 * out, in)
          .tensor(key + ".bias", Layout.PLAIN, 2 * out);
    }

    /** {@code key.weight [out, in]}. */
    public Builder linearNoBias(String key, long in, long out) {
      return tensor(key + ".weight", Layout.LINEAR, out, in);
    }

    /**
     * Linear layers {@code parts} of {@code [out, in]} each and without bias, which kernels see as
     * one {@code key.weight [parts * out, in]}.
     */
    public Builder joinedLinearNoBias(String key, List<String> parts, long in, long out) {
      for (String part : parts) {
        weights.add(
            new WeightSpec(
                key + ".weight", tensorName(part + ".weight"), List.of(out, in), Layout.LINEAR));
      }
      return this;
    }

    /** {@code key.weight [out, in, kernel, kernel]} and {@code key.bias [out]}. */
    public Builder convolution(String key, long in, long out, long kernel) {
      return tensor(key + ".weight", Layout.CONVOLUTION, out, in, kernel, kernel)
          .tensor(key + ".bias", Layout.PLAIN, out);
    }

    /**
     * A convolution with a 3 by 3 kernel, stride 1 and padding 1, which may be computed in tiles.
     */
    public Builder convolution3x3(String key, long in, long out) {
      return tensor(key + ".weight", Layout.of3x3(in, out), out, in, 3, 3)
          .tensor(key + ".bias", Layout.PLAIN, out);
    }

    /** A 3 by 3 convolution of a picture that was enlarged to twice its height and width. */
    public Builder enlargedConvolution(String key, long in, long out) {
      return tensor(key + ".weight", Layout.ofEnlarged(in, out), out, in, 3, 3)
          .tensor(key + ".bias", Layout.PLAIN, out);
    }

    /** {@code key.weight [width]} and {@code key.bias [width]} of a group or layer norm. */
    public Builder norm(String key, long width) {
      return tensor(key + ".weight", Layout.PLAIN, width)
          .tensor(key + ".bias", Layout.PLAIN, width);
    }

    /** A tensor of any shape. */
    public Builder tensor(String key, Layout layout, long... shape) {
      List<Long> sizes = Arrays.stream(shape).boxed().toList();
      weights.add(new WeightSpec(key, tensorName(key), sizes, layout));
      return this;
    }

    private String tensorName(String key) {
      return path.isEmpty() ? key : path + "." + key;
    }

    public WeightGroup build() {
      return new WeightGroup(name, weights);
    }
  }
}

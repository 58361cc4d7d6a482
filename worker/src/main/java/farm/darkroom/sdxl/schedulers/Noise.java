package farm.darkroom.sdxl.schedulers;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * PyTorch's CPU noise for a batch, one generator per image, as diffusers' {@code randn_tensor}
 * draws it from a list of generators: image i of a batch sees the noise that it would see alone. A
 * pipeline draws its latents from it first and its sampler continues the same streams. Not
 * thread-safe.
 */
public final class Noise implements NoiseSource {
  private final TorchGenerator[] generators;

  private Noise(long[] seeds) {
    generators = Arrays.stream(seeds).mapToObj(TorchGenerator::new).toArray(TorchGenerator[]::new);
  }

  /** One generator per seed; image i draws from the i-th. */
  public static Noise ofSeeds(long... seeds) {
    if (seeds.length == 0) {
      throw new IllegalArgumentException("noise needs at least one seed");
    }
    return new Noise(seeds);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if {@code shape[0]} is not the number of seeds
   */
  @Override
  public float[] draw(long... shape) {
    if (shape.length == 0 || shape[0] != generators.length) {
      throw new IllegalArgumentException(
          "noise of shape %s asked of %d generators, the first dimension must be one per generator"
              .formatted(Arrays.toString(shape), generators.length));
    }
    int each = Math.toIntExact(LongStream.of(shape).skip(1).reduce(1, Math::multiplyExact));
    float[] all = new float[Math.multiplyExact(each, generators.length)];
    for (int i = 0; i < generators.length; i++) {
      System.arraycopy(generators[i].randn(each), 0, all, i * each, each);
    }
    return all;
  }
}

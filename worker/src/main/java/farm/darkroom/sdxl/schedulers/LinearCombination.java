package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a linear combination of tensors. It closes the tensors that it was given ownership of or
 * drew itself; the sum belongs to the caller.
 */
final class LinearCombination implements AutoCloseable {
  private final LatentMath math;
  private final List<NDArray> tensors = new ArrayList<>();
  private final List<Double> coefficients = new ArrayList<>();
  private final List<NDArray> owned = new ArrayList<>();

  LinearCombination(LatentMath math) {
    this.math = math;
  }

  LinearCombination add(double coefficient, NDArray tensor) {
    int known = tensors.indexOf(tensor);
    if (known >= 0) {
      coefficients.set(known, coefficients.get(known) + coefficient);
    } else {
      tensors.add(tensor);
      coefficients.add(coefficient);
    }
    return this;
  }

  /** {@code factor} times the clean image that the output predicts. */
  LinearCombination addClean(double factor, Prediction prediction, NDArray sample, NDArray output) {
    return add(factor * prediction.cleanSample(), sample)
        .add(factor * prediction.cleanOutput(), output);
  }

  /** {@code factor} times the noise that the output predicts. */
  LinearCombination addNoise(double factor, Prediction prediction, NDArray sample, NDArray output) {
    return add(factor * prediction.noiseSample(), sample)
        .add(factor * prediction.noiseOutput(), output);
  }

  /** {@code factor} times fresh noise of the shape of {@code like}. */
  LinearCombination draw(double factor, NoiseSource source, NDArray like) {
    return add(factor, own(math.noise(source, like)));
  }

  /** Closes the tensor with this mix. */
  NDArray own(NDArray tensor) {
    owned.add(tensor);
    return tensor;
  }

  NDArray sum() {
    double[] factors = coefficients.stream().mapToDouble(Double::doubleValue).toArray();
    return math.combine(factors, tensors.toArray(NDArray[]::new));
  }

  @Override
  public void close() {
    owned.forEach(NDArray::close);
    owned.clear();
  }
}

package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.List;

/**
 * The few tensor operations that samplers need, on float32 latents {@code [n, 4, height/8,
 * width/8]}. Every result is a new tensor of {@code owner} that the caller closes; no argument is
 * closed or changed.
 *
 * @param owner a manager that lives at least as long as the job
 */
public record LatentMath(Kernels kernels, NDManager owner) {
  /** For schedules alone: there is nothing to compute tensors with. */
  static final LatentMath ABSENT = new LatentMath(null, null);

  /**
   * The sum of {@code coefficients[i] * tensors[i]}.
   *
   * @param coefficients as many as tensors, at least one
   */
  NDArray combine(double[] coefficients, NDArray... tensors) {
    if (coefficients.length != tensors.length) {
      throw new IllegalArgumentException(
          coefficients.length + " coefficients for " + tensors.length + " tensors");
    }
    return kernels.tensor(owner, "linear_combination", List.of(tensors), coefficients);
  }

  /**
   * {@code sample + (sample - clean) / sigma * (next - sigma)}, in this order: where sigma is in
   * the thousands (zero terminal SNR) the rounding of these differences shows in the picture.
   *
   * @param prediction tells the clean image
   */
  NDArray eulerStep(
      NDArray sample, NDArray output, Prediction prediction, double sigma, double next) {
    return kernels.tensor(
        owner,
        "euler_step",
        sample,
        output,
        prediction.cleanSample(),
        prediction.cleanOutput(),
        sigma,
        Float32.round(next - sigma));
  }

  /**
   * {@code a * x + b * y}, each product rounded before the sum, as diffusers does it; {@link
   * #combine} rounds once, which differs where products are large and nearly cancel.
   */
  NDArray sum(double a, NDArray x, double b, NDArray y) {
    return kernels.tensor(owner, "sum_of_products", x, y, a, b);
  }

  /** {@code (sample - clean) / sigma}. */
  NDArray derivative(NDArray sample, NDArray clean, double sigma) {
    return kernels.tensor(owner, "derivative", sample, clean, sigma);
  }

  /**
   * DEIS' {@code next * (sample / here + sum of weights[i] * outputs[i])}, in this order: where
   * alpha is small the sum nearly cancels what the division makes large.
   *
   * @param here alpha where the step starts
   * @param next alpha where it goes
   */
  NDArray deisStep(
      NDArray sample, List<NDArray> outputs, double[] weights, double here, double next) {
    return kernels.tensor(owner, "deis_step", sample, outputs, weights, here, next);
  }

  /**
   * PNDM's {@code kept * sample - share * noise / denominator}, in this order: where alpha is small
   * the two nearly cancel.
   */
  NDArray pndmStep(NDArray sample, NDArray noise, double kept, double share, double denominator) {
    return kernels.tensor(owner, "pndm_step", sample, noise, kept, share, denominator);
  }

  /** PyTorch's own, to the last bit, on its CPU; without it Java's. */
  float[] squareRoots(float[] values) {
    if (kernels == null) {
      return javaRoots(values);
    }
    double[] numbers = new double[values.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = values[i];
    }
    try (NDArray roots = kernels.tensor(owner, "square_roots", numbers)) {
      return roots.toFloatArray();
    }
  }

  /**
   * The geometric mean of two noise levels, by float32 logarithms, to the last bit of PyTorch's on
   * its CPU; without it Java's. Zero if one is zero.
   *
   * @param start whose logarithm PyTorch's {@code lerp} begins at, which its rounding shows
   */
  double geometricMiddle(double start, double end) {
    if (start == 0 || end == 0) {
      return 0;
    }
    if (kernels == null) {
      float last = (float) Math.log(end);
      return Float32.round(Math.exp(last - (last - (float) Math.log(start)) * 0.5f));
    }
    try (NDArray middle = kernels.tensor(owner, "geometric_middle", start, end)) {
      return middle.toFloatArray()[0];
    }
  }

  private static float[] javaRoots(float[] values) {
    float[] roots = new float[values.length];
    for (int i = 0; i < roots.length; i++) {
      roots[i] = (float) Math.sqrt(values[i]);
    }
    return roots;
  }

  /** A copy, which stays when the original is closed. */
  NDArray copy(NDArray tensor) {
    return combine(new double[] {1}, tensor);
  }

  /** Each element held within {@code [-limit, limit]}. */
  NDArray clamp(NDArray tensor, double limit) {
    return kernels.tensor(owner, "held_within", tensor, limit);
  }

  /**
   * Dynamic thresholding (Imagen, section 2.3): per image, s is the {@code ratio} quantile of the
   * absolute values held within {@code [1, limit]}; the image is clamped to {@code [-s, s]} and
   * divided by s.
   */
  NDArray threshold(NDArray tensor, double ratio, double limit) {
    return kernels.tensor(owner, "dynamic_threshold", tensor, ratio, limit);
  }

  /** Standard normal noise of the shape and on the device of {@code like}. */
  NDArray noise(NoiseSource source, NDArray like) {
    float[] values = source.draw(like.getShape().getShape());
    NDArray tensor = owner.create(values, like.getShape());
    if (tensor.getDevice().equals(like.getDevice())) {
      return tensor;
    }
    try (tensor) {
      return tensor.toDevice(like.getDevice(), true);
    }
  }
}

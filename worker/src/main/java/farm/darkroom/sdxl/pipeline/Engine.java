package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.WeightResidency;

/**
 * What a pipeline runs on: kernels, the dtypes to compute in, and where weights are meanwhile.
 *
 * @param kernels of the device
 * @param precision of text encoders and UNet
 * @param vaeDtype of the VAE; where its config has {@code force_upcast}, float16 becomes float32,
 *     and every dtype while it encodes
 * @param residency of all components
 */
public record Engine(
    Kernels kernels, Precision precision, Dtype vaeDtype, WeightResidency residency) {

  /** One dtype for all. */
  public static Engine of(Kernels kernels, Dtype dtype, WeightResidency residency) {
    return new Engine(kernels, Precision.of(dtype), dtype, residency);
  }
}

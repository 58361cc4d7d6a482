/**
 * Samplers with diffusers' names, defaults and results, and PyTorch's noise. Coefficients are plain
 * Java; tensors are touched only through {@link farm.darkroom.sdxl.schedulers.LatentMath}. Knows
 * nothing of models, prompts or pipelines.
 */
package farm.darkroom.sdxl.schedulers;

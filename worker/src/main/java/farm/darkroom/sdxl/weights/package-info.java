/**
 * Weights: safetensors files, the tensors that a model expects of them, and how long a group of
 * them stays on the device (residency). It knows no model.
 */
package farm.darkroom.sdxl.weights;

/**
 * The native layer: libtorch through DJL, kernels compiled from TorchScript source, dictionaries of
 * tensors. It knows no model.
 */
package farm.darkroom.sdxl.torch;

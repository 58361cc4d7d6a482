package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.weights.WeightGroup;

/**
 * One block of an autoencoder: its kernel and the weights that the kernel takes.
 *
 * @param argument the kernel's one number: groups of the norms, or a factor
 */
record Block(BlockKernel kernel, WeightGroup weights, int argument) {}

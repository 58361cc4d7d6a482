/**
 * The engine: Stable Diffusion XL on libtorch, class names as in diffusers. A library of its own
 * that imports nothing else of darkroom.
 */
package farm.darkroom.sdxl;

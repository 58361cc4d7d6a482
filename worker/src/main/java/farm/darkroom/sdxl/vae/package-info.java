/**
 * Between pictures and latents: the autoencoders, their tiles, and diffusers' VaeImageProcessor on
 * plain byte rasters. It knows snapshots and weights, no UNet, no job and no image file format.
 */
package farm.darkroom.sdxl.vae;

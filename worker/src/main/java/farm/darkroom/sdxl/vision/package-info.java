/**
 * What IP-Adapters see of a picture: CLIP's image encoder, and the projections that turn its output
 * into tokens. It knows weights and rasters, no UNet and no job.
 */
package farm.darkroom.sdxl.vision;

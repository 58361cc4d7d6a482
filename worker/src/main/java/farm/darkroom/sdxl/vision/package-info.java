/**
 * What IP-Adapters see of a picture: CLIP's image encoder, and the projections that turn its output
 * into tokens. It knows weights and rasters, no UNet, no scheduler and no pipeline.
 */
package farm.darkroom.sdxl.vision;

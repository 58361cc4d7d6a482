/**
 * The pipelines: a request becomes conditioning and latents, the loop belongs to the caller,
 * latents become a picture. Names and rules are those of diffusers' SDXL pipelines.
 */
package farm.darkroom.sdxl.pipeline;

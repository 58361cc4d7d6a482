/**
 * From a prompt to what the UNet attends to: tokenizers, text encoders, SDXL's encode_prompt. It
 * knows snapshots and weights, no UNet and no job.
 */
package farm.darkroom.sdxl.text;

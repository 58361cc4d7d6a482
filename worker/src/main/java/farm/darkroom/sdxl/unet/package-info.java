/**
 * UNet2DConditionModel and ControlNetModel: the denoiser as a graph of blocks. It knows neither
 * schedulers nor pipelines; text comes in as tensors.
 */
package farm.darkroom.sdxl.unet;

/**
 * Model folders as diffusers writes them: model_index.json, one folder per component, safetensors
 * whole, sharded or as fp16 variant. It knows files and names, not what the models compute.
 */
package farm.darkroom.sdxl.snapshot;

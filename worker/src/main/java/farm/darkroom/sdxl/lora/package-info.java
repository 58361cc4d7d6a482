/**
 * LoRA networks: their files in the namings of diffusers, PEFT and kohya, held against a model, and
 * merged into its weights on their way to the device. It knows no pipeline.
 */
package farm.darkroom.sdxl.lora;

package farm.darkroom.sdxl.lora;

/**
 * What the name of a tensor in a LoRA file says.
 *
 * @param kohya whether it is a name of kohya's sd-scripts
 */
record PartName(LayerName layer, Part part, boolean kohya) {}

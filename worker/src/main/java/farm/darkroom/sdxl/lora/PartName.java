package farm.darkroom.sdxl.lora;

/**
 * A tensor name of a LoRA file, parsed.
 *
 * @param kohya whether it is a name of kohya's sd-scripts
 */
record PartName(LayerName layer, Part part, boolean kohya) {}

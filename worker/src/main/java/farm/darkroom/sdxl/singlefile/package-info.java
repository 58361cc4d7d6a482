/**
 * Checkpoints in one file, with the tensor names of the original code (LDM, open_clip), shown as
 * snapshots: tensors under diffusers' names over the same mapped bytes, and configs that are
 * derived from the names and shapes.
 */
package farm.darkroom.sdxl.singlefile;

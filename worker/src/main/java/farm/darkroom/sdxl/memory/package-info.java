/**
 * What renders take of memory, worked out from configs and file headers before anything is loaded.
 * It knows no model: each package counts its own kernels.
 */
package farm.darkroom.sdxl.memory;

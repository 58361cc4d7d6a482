package farm.darkroom.sdxl.pipeline;

/**
 * A step that was done.
 *
 * @param done how many, this one included
 * @param steps how many there are in all
 * @param timestep what the model was called with
 */
public record DenoisingStep(int done, int steps, double timestep) {}

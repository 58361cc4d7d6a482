package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.vae.Size;

/**
 * What of a picture decides the memory that it takes.
 *
 * @param beside how many pictures share a pass of the UNet, this one among them
 * @param doClassifierFreeGuidance whether a prediction is made for the negative prompt too
 * @param encodes whether it starts from a picture
 * @param decodes whether it ends as a picture
 * @param steps of denoising
 * @param tokens of the text
 */
public record PictureShape(
    Size size,
    int beside,
    boolean doClassifierFreeGuidance,
    boolean encodes,
    boolean decodes,
    int steps,
    int tokens) {}

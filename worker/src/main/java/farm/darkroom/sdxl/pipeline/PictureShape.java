package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.vae.Size;

/**
 * The properties of a picture that determine how much memory it takes.
 *
 * @param batchSize pictures that share a forward pass of the UNet, this one included
 * @param predictions that a step makes of the picture; see {@link Guidance#predictions}
 * @param encodes whether it starts from a picture
 * @param decodes whether it ends as a picture
 * @param steps of denoising
 * @param tokens of the text
 */
public record PictureShape(
    Size size,
    int batchSize,
    int predictions,
    boolean encodes,
    boolean decodes,
    int steps,
    int tokens) {}

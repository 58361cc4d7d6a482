package farm.darkroom.sdxl.pipeline;

/**
 * What of a picture decides the memory that it takes.
 *
 * @param beside how many pictures share a pass of the UNet, this one among them
 * @param guided whether two predictions are made at once, one of them for the negative prompt
 * @param encodes whether it starts from a picture
 * @param decodes whether it ends as a picture
 * @param steps of denoising
 * @param tokens of the text
 */
public record PictureShape(
    Size size,
    int beside,
    boolean guided,
    boolean encodes,
    boolean decodes,
    int steps,
    int tokens) {}

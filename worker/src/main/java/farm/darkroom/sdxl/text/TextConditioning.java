package farm.darkroom.sdxl.text;

import ai.djl.ndarray.NDArray;

/**
 * The encoded prompt of one side of the guidance, in float32.
 *
 * @param embeds {@code [1, 77 k, features]} for k chunks: the hidden states of all encoders, side
 *     by side
 * @param pooled {@code [1, projection_dim]}: {@code text_embeds} of the UNet's added conditions
 */
public record TextConditioning(NDArray embeds, NDArray pooled) {}

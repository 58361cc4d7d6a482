package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;

/**
 * SDXL's conditioning, {@code addition_embed_type: text_time}. All float32; they stay the caller's.
 *
 * @param encoderHiddenStates {@code [n, tokens, cross_attention_dim]}
 * @param textEmbeds pooled text {@code [n, projection_dim]}
 * @param timeIds {@code [n, 6]} sizes and crop, or {@code [n, 5]} for a refiner
 */
public record TextTime(NDArray encoderHiddenStates, NDArray textEmbeds, NDArray timeIds) {}

package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * What a job's UNet calls have in common. With guidance the first dimension is 2, the negative half
 * first.
 *
 * @param promptEmbeds {@code [n, 77k, d]}
 * @param textEmbeds pooled, {@code [n, p]}
 * @param timeIds {@code [n, 6]}, or 5 for a refiner
 * @param timestepCond the guidance embedding {@code [n, time_cond_proj_dim]} of distilled models
 */
record Conditioning(
    NDArray promptEmbeds, NDArray textEmbeds, NDArray timeIds, Optional<NDArray> timestepCond) {}

package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import farm.darkroom.sdxl.schedulers.Noise;

/**
 * What a loop starts with.
 *
 * @param latents {@code [1, 4, height/8, width/8]}, as noisy as the first timestep expects
 * @param noise the request's generator, continued by stochastic schedulers
 */
record Start(NDArray latents, Noise noise, LatentCanvas canvas) {}

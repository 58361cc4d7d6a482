package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;

/**
 * A sampler, one per job: first {@link #setTimesteps(int)} (or a list of one's own), then one
 * {@link #step} for each index of {@link #timesteps()} from the first one used to the last, in
 * order and without gaps. What it remembers between steps (earlier model outputs, where in a
 * two-part step it stands) is cleared by setting timesteps; {@link #close} frees it. Not
 * thread-safe.
 *
 * <p>Latents are float32 {@code [n, 4, height/8, width/8]}. A tensor passed in is never closed or
 * changed and may be closed as soon as the call returns; a tensor returned is new and the caller's.
 */
public interface Scheduler extends AutoCloseable {

  /** What it was made with. */
  SchedulerConfig config();

  /**
   * Spreads {@code steps} denoising steps over the training range.
   *
   * @throws SchedulerException if the sampler cannot take so many or so few
   */
  void setTimesteps(int steps);

  /**
   * Uses timesteps of the user's own, descending.
   *
   * @throws SchedulerException if the sampler or its configuration does not allow it
   */
  void setTimesteps(double[] timesteps);

  /**
   * Uses sigmas of the user's own, descending, the last one (usually 0) being where sampling ends.
   *
   * @throws SchedulerException if the sampler or its configuration does not allow it
   */
  void setSigmas(double[] sigmas);

  /**
   * What the model is called with, one per call. Samplers of order 2 call it twice per step and
   * list most timesteps twice.
   */
  double[] timesteps();

  /** The noise levels between steps, one more than steps; empty for samplers that have none. */
  double[] sigmas();

  /**
   * Refuses to begin at an index that the sampler has no noise level for; another index may do.
   *
   * @throws SchedulerException if it cannot
   */
  void checkBegin(int index);

  /** The standard deviation that pure noise must have before the first step. */
  double initNoiseSigma();

  /** The factor that latents are multiplied with before they go into the model at this index. */
  double inputScale(int index);

  /** The latents as the model wants them: times {@link #inputScale}. */
  NDArray scaleModelInput(NDArray sample, int index);

  /**
   * The clean latents that the model predicts at this index, in the bounds that the config sets
   * (diffusers: {@code pred_original_sample}). To be asked before {@link #step} of this index,
   * which it changes nothing of.
   *
   * @param modelOutput what the model predicted, guidance applied
   * @param sample the latents that the model saw, before scaling
   */
  NDArray clean(NDArray modelOutput, int index, NDArray sample);

  /**
   * One denoising step.
   *
   * @param modelOutput what the model predicted, guidance applied
   * @param index into {@link #timesteps()}; one more than in the call before, if there was one
   * @param sample the latents that the model saw, before scaling
   * @param noise drawn from only by samplers and settings that add noise, in diffusers' order
   * @return the latents for the next index
   */
  NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise);

  /**
   * Clean latents with noise as strong as before the step at {@code index}, as img2img and
   * inpainting need them.
   */
  NDArray addNoise(NDArray original, NDArray noise, int index);

  /** Model calls per denoising step: 2 for second-order samplers, else 1. */
  int order();

  /** Frees what it remembers. It can be used again after timesteps are set. */
  @Override
  void close();
}

package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.schedulers.Noise;
import farm.darkroom.sdxl.schedulers.Scheduler;
import farm.darkroom.sdxl.vae.LatentScale;
import farm.darkroom.sdxl.vae.Raster;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The denoising loop of one picture, in the caller's hands: each {@link #next} is one call of the
 * UNet and one of the scheduler. Between two of them the caller may report, or stop by closing it.
 * Not thread-safe.
 */
public final class Denoising implements Iterator<DenoisingStep>, AutoCloseable {
  private final Denoiser denoiser;
  private final Scheduler scheduler;
  private final DenoisingWindow window;
  private final LatentCanvas canvas;
  private final Noise noise;
  private final NDManager scope;
  private NDArray latents;
  private final UnaryOperator<Raster> finish;
  private final LatentScale scale;
  private final List<String> warnings;
  private final CleanLatents clean = new CleanLatents();
  private int index;

  Denoising(
      Denoiser denoiser,
      Scheduler scheduler,
      DenoisingWindow window,
      Start start,
      LatentScale scale,
      NDManager scope,
      List<String> warnings) {
    this.denoiser = denoiser;
    this.scheduler = scheduler;
    this.window = window;
    this.canvas = start.canvas();
    this.noise = start.noise();
    this.finish = start.finish();
    this.scale = scale;
    this.scope = scope;
    this.latents = start.latents();
    this.index = window.begin();
    this.warnings = List.copyOf(warnings);
  }

  /** What the user should know of this request: one line for each text that was cut. */
  public List<String> warnings() {
    return warnings;
  }

  /** How many steps there are in all. */
  public int steps() {
    return window.length();
  }

  @Override
  public boolean hasNext() {
    return index < window.end();
  }

  @Override
  public DenoisingStep next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all " + steps() + " steps are done");
    }
    try (NDManager step = scope.newSubManager()) {
      NDArray scaled = scaled(step);
      NDArray input = canvas.before(step, scaled);
      return advance(
          step, denoiser.predict(step, input, scaled, timestep(), index - window.begin()));
    }
  }

  /** What the model is called with next. */
  double timestep() {
    return scheduler.timesteps()[index];
  }

  /** What the scheduler counts as its step (diffusers: {@code step_index}). */
  private int stepIndex() {
    return index + window.ahead();
  }

  /** The latents as the model is to see them, before guidance takes them twice. */
  NDArray input(NDManager step) {
    return canvas.before(step, scaled(step));
  }

  private NDArray scaled(NDManager step) {
    NDArray scaled = scheduler.scaleModelInput(latents, stepIndex());
    scaled.attach(step);
    return scaled;
  }

  /** Goes on with what the model predicted, guidance applied. */
  DenoisingStep advance(NDManager step, NDArray prediction) {
    double timestep = timestep();
    clean.update(done() + 1, () -> scheduler.clean(prediction, stepIndex(), latents));
    NDArray stepped = scheduler.step(prediction, stepIndex(), latents, noise);
    stepped.attach(step);
    int nextIndex = index + 1 < window.end() ? index + 1 : -1;
    NDArray kept = canvas.after(step, stepped, nextIndex);
    kept.attach(scope);
    latents.close();
    latents = kept;
    index++;
    return new DenoisingStep(done(), steps(), timestep);
  }

  /** How many steps are done. */
  public int done() {
    return index - window.begin();
  }

  /**
   * Sets whether the steps that follow keep the clean latents that they predict, for previews. The
   * result is the same either way.
   */
  public void keepClean(boolean keep) {
    clean.enable(keep);
  }

  /**
   * The clean latents that the last step predicted, {@code [1, 4, height/8, width/8]}. They are
   * closed by the next step.
   *
   * @return empty unless {@link #keepClean} was set before the step, and if their prediction failed
   */
  public Optional<NDArray> clean() {
    return clean.last();
  }

  Denoiser denoiser() {
    return denoiser;
  }

  /** What is left to call the model with. */
  double[] timestepsLeft() {
    return Arrays.copyOfRange(scheduler.timesteps(), index, window.end());
  }

  /**
   * Whether a {@link DenoisingBatch} may hold both: they are of one pipeline and of one size, and
   * call the model with the same timesteps and the same FreeU. Text, guidance, seed, sampler and
   * what they start from may differ, and the pictures that prompt, but not how many each adapter
   * has of these, nor whether they have masks. One that a ControlNet or a T2I-Adapter steers goes
   * alone.
   */
  public boolean canBatchWith(Denoising other) {
    return this == other
        || (!denoiser.goesAlone() && !other.denoiser.goesAlone() && hasSameInputs(other));
  }

  private boolean hasSameInputs(Denoising other) {
    return denoiser.unet() == other.denoiser.unet()
        && denoiser.conditioning().pictures().equals(other.denoiser.conditioning().pictures())
        && denoiser.freeU().equals(other.denoiser.freeU())
        && latents.getShape().equals(other.latents.getShape())
        && Arrays.equals(timestepsLeft(), other.timestepsLeft());
  }

  /** The latents as they stand, {@code [1, 4, height/8, width/8]}; this loop keeps them. */
  public NDArray latents() {
    return latents;
  }

  /** The steps are over: under {@code model} residency, what ControlNets held is freed. */
  void endStage() {
    denoiser.controlNets().endStage();
  }

  /** What lies between the latents and the decoder. */
  LatentScale scale() {
    return scale;
  }

  /** What becomes of the decoded picture. */
  UnaryOperator<Raster> finish() {
    return finish;
  }

  /** The latents' values, row-major. */
  public float[] values() {
    return latents.toFloatArray();
  }

  @Override
  public void close() {
    scheduler.close();
    denoiser.close();
    scope.close();
  }
}

package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.schedulers.Noise;
import farm.darkroom.sdxl.schedulers.Scheduler;
import farm.darkroom.sdxl.vae.Raster;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;

/**
 * The denoising loop of one picture, in the caller's hands: each {@link #next} is one call of the
 * UNet and one of the scheduler. Between two of them the caller may report, or stop by closing it.
 * For one thread.
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
  private final List<String> warnings;
  private int index;

  Denoising(
      Denoiser denoiser,
      Scheduler scheduler,
      DenoisingWindow window,
      Start start,
      NDManager scope,
      List<String> warnings) {
    this.denoiser = denoiser;
    this.scheduler = scheduler;
    this.window = window;
    this.canvas = start.canvas();
    this.noise = start.noise();
    this.finish = start.finish();
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
    double timestep = scheduler.timesteps()[index];
    try (NDManager step = scope.newSubManager()) {
      NDArray scaled = scheduler.scaleModelInput(latents, index);
      scaled.attach(step);
      NDArray prediction =
          denoiser.predict(
              step, canvas.before(step, scaled), scaled, timestep, index - window.begin());
      NDArray stepped = scheduler.step(prediction, index, latents, noise);
      stepped.attach(step);
      int nextIndex = index + 1 < window.end() ? index + 1 : -1;
      NDArray kept = canvas.after(step, stepped, nextIndex);
      kept.attach(scope);
      latents.close();
      latents = kept;
    }
    index++;
    return new DenoisingStep(index - window.begin(), steps(), timestep);
  }

  /** The latents as they stand, {@code [1, 4, height/8, width/8]}; this loop keeps them. */
  public NDArray latents() {
    return latents;
  }

  /** No step is done any more: the device is the decoder's. */
  void leave() {
    denoiser.steering().leave();
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

package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.pipeline.Denoising;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.vae.LatentRgb;
import farm.darkroom.sdxl.vae.PreviewDecoder;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.port.RenderListener;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.render.engine.RenderDevice;
import farm.darkroom.worker.render.inventory.ModelFolders;
import farm.darkroom.worker.render.inventory.Snapshots;
import farm.darkroom.worker.render.plan.Planning;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Small pictures of what latents are about to become, by an autoencoder where there is one and the
 * plan leaves room for it, else by {@link LatentRgb}. Plans know nothing of previews, so these
 * change no picture; and whatever goes wrong with one fails no job. Not thread-safe.
 */
final class Previews implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Previews.class);

  private final RenderDevice device;
  private final Dtype dtype;
  private final Optional<Component> vae;
  private final Planning planning;
  private Optional<PreviewDecoder> decoder = Optional.empty();
  private boolean fits;
  private boolean broken;
  private boolean warned;

  /**
   * @param dtype that the autoencoder computes in
   * @param vae as {@link #vae} found it
   */
  Previews(RenderDevice device, Dtype dtype, Optional<Component> vae, Planning planning) {
    this.device = requireNonNull(device, "device");
    this.dtype = requireNonNull(dtype, "dtype");
    this.vae = requireNonNull(vae, "vae");
    this.planning = requireNonNull(planning, "planning");
  }

  /**
   * Finds the autoencoder that the user named.
   *
   * @throws FarmException WORKER_UNFIT when it is not here, or cannot make previews
   */
  static Component vae(ModelFolders folders, String name) {
    Path place =
        folders
            .find(name, Component.VAE)
            .orElseThrow(
                () ->
                    refused(
                        name,
                        "not installed here; it is a folder with config.json and weights, or a hub"
                            + " id",
                        null));
    try {
      Component component = Snapshots.vae(place);
      PreviewDecoder.check(component);
      return component;
    } catch (SdxlException e) {
      throw refused(name, e.getMessage(), e);
    }
  }

  private static FarmException refused(String name, String why, Exception cause) {
    return new FarmException(
        FailureKind.WORKER_UNFIT, "--preview-vae %s: %s".formatted(name, why), cause);
  }

  /** How many of the {@code spare} bytes other models may use. */
  long leave(long spare) {
    long taken = vae.map(component -> PreviewDecoder.bytes(component, dtype)).orElse(0L);
    return spare >= taken ? spare - taken : spare;
  }

  /** Checks whether the autoencoder fits beside jobs like this one. */
  void checkMemory(RenderJob job, RenderPlan plan, int pictures) {
    if (vae.isEmpty() || broken) {
      return;
    }
    long bytes = PreviewDecoder.bytes(vae.get(), dtype);
    Optional<String> shortage = planning.memoryShortage(job, plan, pictures, bytes);
    if (shortage.isPresent() && (fits || !warned)) {
      log.warn("rough previews: the autoencoder {}", shortage.get());
      warned = true;
      close();
    }
    fits = shortage.isEmpty();
  }

  /**
   * Gives up previews' memory for good after memory ran out.
   *
   * @return whether they took any
   */
  boolean giveUpMemory() {
    if (decoder.isEmpty()) {
      return false;
    }
    giveUpDecoder("memory ran out");
    return true;
  }

  /** Whether the watcher wants a preview after this step. Never throws. */
  static boolean areWanted(RenderListener watch, int step) {
    try {
      return watch.wantsPreview(step);
    } catch (RuntimeException e) {
      log.warn("no preview: {}", e.toString());
      return false;
    }
  }

  /**
   * Shows what the loop's last step predicted, where it kept that. Throws nothing.
   *
   * @return whether there was one
   */
  boolean show(Denoising run, RenderListener watch) {
    try {
      Optional<Picture> picture = run.clean().flatMap(this::picture);
      picture.ifPresent(watch::preview);
      return picture.isPresent();
    } catch (RuntimeException | OutOfMemoryError e) {
      log.warn("no preview: {}", e.toString());
      return false;
    }
  }

  private Optional<Picture> picture(NDArray latents) {
    if (fits && !broken) {
      try {
        return Optional.of(picture(decoder().decode(latents)));
      } catch (RuntimeException | OutOfMemoryError e) {
        giveUpDecoder(e.getMessage());
      }
    }
    return latentRgb(latents);
  }

  private void giveUpDecoder(String why) {
    log.warn("rough previews from now on: {}", why);
    broken = true;
    close();
  }

  private PreviewDecoder decoder() {
    if (decoder.isEmpty()) {
      decoder = Optional.of(PreviewDecoder.open(vae.orElseThrow(), device.kernels(), dtype));
    }
    return decoder.get();
  }

  private Optional<Picture> latentRgb(NDArray latents) {
    Shape shape = latents.getShape();
    if (shape.get(1) != LatentRgb.CHANNELS) {
      log.debug("no preview of latents with {} channels", shape.get(1));
      return Optional.empty();
    }
    Size size = new Size(Math.toIntExact(shape.get(2)), Math.toIntExact(shape.get(3)));
    return Optional.of(picture(LatentRgb.raster(latents.toFloatArray(), size)));
  }

  private static Picture picture(Raster raster) {
    return new Picture(raster.width(), raster.height(), raster.samples());
  }

  /** Frees the autoencoder; it is opened again when it is needed. */
  @Override
  public void close() {
    decoder.ifPresent(PreviewDecoder::close);
    decoder = Optional.empty();
  }
}

package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Renders a job into a folder, with no farm: the same files that a worker stores. */
public final class LocalRender {
  private static final String WORKER = "render";
  private final Renderer renderer;
  private final RenderWatch watch;
  private final Finisher finisher = new Finisher(WORKER);

  public LocalRender(Renderer renderer, RenderWatch watch) {
    this.renderer = requireNonNull(renderer, "renderer");
    this.watch = requireNonNull(watch, "watch");
  }

  /**
   * Writes {@code 0.png} or {@code 0.safetensors} and so on, and {@code record.json} last; files of
   * these names are replaced.
   *
   * @param job with a seed
   * @throws FarmException as {@link Renderer#render}, after what can be tried again was
   * @throws UncheckedIOException when the folder cannot be written
   */
  public RenderRecord render(RenderJob job, Path folder) {
    renderer
        .lacks(job)
        .ifPresent(
            what -> {
              throw FarmException.invalidJob(what);
            });
    return write(finished(job), folder);
  }

  private Finished finished(RenderJob job) {
    Optional<RenderPlan> plan = Optional.of(renderer.plan(job));
    while (true) {
      try {
        RenderResult result = renderer.render(job, plan.get(), watch);
        return finisher.finish(JobId.of(job), job, result);
      } catch (FarmException e) {
        plan = plan.get().after(e);
        if (plan.isEmpty()) {
          throw e;
        }
      }
    }
  }

  private RenderRecord write(Finished finished, Path folder) {
    List<StoredImage> images = new ArrayList<>();
    for (ResultFile file : finisher.files(finished)) {
      write(folder.resolve(file.name()), file.bytes());
      long seed = finished.job().seedOf(file.index());
      images.add(new StoredImage(file.name(), Sha256.hex(file.bytes()), file.bytes().length, seed));
    }
    RenderRecord record = finisher.record(finished, images);
    write(folder.resolve("record.json"), record.toJson());
    return record;
  }

  /** Whole or not at all. */
  private static void write(Path file, byte[] bytes) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(part, bytes);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

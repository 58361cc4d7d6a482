package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.AtomicFile;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.worker.port.JobPeers;
import farm.darkroom.worker.port.RenderListener;
import farm.darkroom.worker.port.RenderOutcome;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderRequest;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.port.Renderer;
import farm.darkroom.worker.result.FinishedJob;
import farm.darkroom.worker.result.Finisher;
import farm.darkroom.worker.result.ResultFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Renders jobs into folders without a farm, writing the same files that a worker stores. Not
 * thread-safe.
 */
public final class LocalRender {
  private static final String WORKER = "render";
  private final Renderer renderer;
  private final RenderListener watch;
  private final int pictures;
  private final Finisher finisher = new Finisher(WORKER);

  /**
   * @param pictures the most that share a pass of the model; 1 for none
   */
  public LocalRender(Renderer renderer, RenderListener watch, int pictures) {
    this.renderer = requireNonNull(renderer, "renderer");
    this.watch = requireNonNull(watch, "watch");
    this.pictures = pictures;
  }

  /**
   * Writes {@code 0.png} or {@code 0.safetensors} and so on, and {@code record.json} last; files of
   * these names are replaced, and what else an earlier record there names goes.
   *
   * @param job with a seed
   * @throws FarmException as {@link Renderer#render}, after what can be tried again was
   * @throws UncheckedIOException when the folder cannot be written
   */
  public RenderRecord render(RenderJob job, Path folder) {
    requireRenderable(job);
    return write(renderAlone(job), folder);
  }

  /** Hears how each of several jobs ended. */
  public interface Outcomes {

    /** The job's files are written. */
    void rendered(RenderJob job, RenderRecord record);

    /** The job could not be rendered. */
    void failed(RenderJob job, FarmException why);
  }

  /**
   * Renders jobs in order, neighbours side by side where they can, each into the folder of {@code
   * folder} that bears its id.
   *
   * @param jobs with seeds
   * @throws UncheckedIOException when a folder cannot be written
   */
  public void renderAll(List<RenderJob> jobs, Path folder, Outcomes outcomes) {
    int first = 0;
    while (first < jobs.size()) {
      int next = first + sideBySide(jobs.subList(first, jobs.size()));
      renderBatch(jobs.subList(first, next), folder, outcomes);
      first = next;
    }
  }

  /** How many of these jobs, from the first on, share passes; at least that one. */
  private int sideBySide(List<RenderJob> jobs) {
    int images = jobs.get(0).numImagesPerPrompt();
    for (int i = 1; i < jobs.size(); i++) {
      images += jobs.get(i).numImagesPerPrompt();
      if (images > pictures || !JobPeers.peers(jobs.get(0), jobs.get(i))) {
        return i;
      }
    }
    return jobs.size();
  }

  private void renderBatch(List<RenderJob> jobs, Path folder, Outcomes outcomes) {
    List<Optional<FinishedJob>> together =
        jobs.size() > 1 ? renderTogether(jobs) : List.of(Optional.empty());
    for (int i = 0; i < jobs.size(); i++) {
      RenderJob job = jobs.get(i);
      try {
        requireRenderable(job);
        FinishedJob finished = together.get(i).orElseGet(() -> renderAlone(job));
        outcomes.rendered(job, write(finished, folder.resolve(finished.id().text())));
      } catch (FarmException e) {
        outcomes.failed(job, e);
      }
    }
  }

  /** Those that succeeded; the others are to be tried alone. */
  private List<Optional<FinishedJob>> renderTogether(List<RenderJob> jobs) {
    try {
      RenderPlan plan = renderer.plan(jobs.get(0));
      List<RenderRequest> requests = requests(jobs);
      List<RenderOutcome> outcomes = renderer.renderTogether(requests, plan, pictures);
      List<Optional<FinishedJob>> finished = new ArrayList<>();
      for (RenderOutcome outcome : outcomes) {
        finished.add(finished(jobs.get(finished.size()), outcome));
      }
      return finished;
    } catch (FarmException e) {
      return jobs.stream().map(job -> Optional.<FinishedJob>empty()).toList();
    }
  }

  /** Previews show the first of the jobs rendered together. */
  private List<RenderRequest> requests(List<RenderJob> jobs) {
    List<RenderRequest> requests = new ArrayList<>();
    for (RenderJob job : jobs) {
      requests.add(
          new RenderRequest(job, requests.isEmpty() ? watch : (done, of) -> watch.step(done, of)));
    }
    return requests;
  }

  private Optional<FinishedJob> finished(RenderJob job, RenderOutcome outcome) {
    try {
      return outcome instanceof RenderOutcome.Rendered rendered
          ? Optional.of(finisher.finish(JobId.of(job), job, rendered.result()))
          : Optional.empty();
    } catch (FarmException e) {
      return Optional.empty();
    }
  }

  private void requireRenderable(RenderJob job) {
    renderer
        .unmetRequirement(job)
        .ifPresent(
            what -> {
              throw FarmException.invalidJob(what);
            });
  }

  private FinishedJob renderAlone(RenderJob job) {
    RenderPlan plan = renderer.plan(job);
    int most = job.numImagesPerPrompt() > 1 ? pictures : 1;
    while (true) {
      try {
        return finisher.finish(JobId.of(job), job, result(job, plan, most));
      } catch (FarmException e) {
        if (most == 1 || e.kind() != FailureKind.OUT_OF_MEMORY) {
          plan = plan.after(e).orElseThrow(() -> e);
        }
        most = 1;
      }
    }
  }

  private RenderResult result(RenderJob job, RenderPlan plan, int most) {
    return most == 1
        ? renderer.render(job, plan, watch)
        : renderer
            .renderTogether(List.of(new RenderRequest(job, watch)), plan, most)
            .get(0)
            .orThrow();
  }

  private RenderRecord write(FinishedJob finished, Path folder) {
    FormerResults former = FormerResults.in(folder);
    List<StoredImage> images = new ArrayList<>();
    for (ResultFile file : finisher.files(finished)) {
      write(folder.resolve(file.name()), file.bytes());
      long seed = finished.job().seedOf(file.index());
      images.add(new StoredImage(file.name(), Sha256.hex(file.bytes()), file.bytes().length, seed));
    }
    RenderRecord record = finisher.record(finished, images);
    write(folder.resolve(FormerResults.RECORD), record.toJson());
    former.removeOthersThan(images);
    return record;
  }

  private static void write(Path file, byte[] bytes) {
    try {
      AtomicFile.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.ImageReference;
import farm.darkroom.common.job.IpAdapterChoice;
import farm.darkroom.common.job.RefinerChoice;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.pipeline.PictureSource;
import farm.darkroom.sdxl.pipeline.RequestCheck;
import farm.darkroom.worker.render.engine.EngineFailures;
import farm.darkroom.worker.render.input.Inputs;
import farm.darkroom.worker.render.input.Sources;
import farm.darkroom.worker.render.inventory.ModelFolders;
import farm.darkroom.worker.render.model.AddedFilesCheck;
import farm.darkroom.worker.render.model.Availability;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Refuses what a render would refuse of a job, in its words: from pictures, configs and the headers
 * of files alone. Not thread-safe.
 */
public final class JobCheck {
  private final ModelFolders folders;
  private final Availability availability;
  private final AddedFilesCheck files;
  private final Sources sources;

  public JobCheck(ModelFolders folders, Inputs inputs) {
    this.folders = requireNonNull(folders, "folders");
    this.availability = Availability.of(folders, inputs);
    this.files = new AddedFilesCheck(folders, inputs);
    this.sources = new Sources(inputs);
  }

  /**
   * Checks everything that the job names except files in a store. Where a picture is missing for
   * that reason, its interplay with the settings is left to the render.
   *
   * @throws FarmException what a render would throw
   */
  public void check(RenderJob job) {
    availability
        .of(job)
        .ifPresent(
            unmetRequirement -> {
              throw FarmException.invalidJob(unmetRequirement);
            });
    files.check(job);
    CapabilityCheck fit =
        new CapabilityCheck(
            model(job.model()), job.refiner().map(RefinerChoice::model).map(this::model));
    if (job.images().allMatch(ImageReference::isLocal)) {
      PictureSource source = sources.of(job);
      sources.controls(job);
      sources.adapterImages(job);
      job.additions().ipAdapter().stream()
          .flatMap(IpAdapterChoice::pictures)
          .forEach(sources::read);
      fit.check(job, source);
    }
  }

  private RequestCheck model(String name) {
    Optional<Path> place = folders.find(name);
    return EngineFailures.during(
        FailureKind.WORKER_UNFIT,
        name,
        () -> RequestCheck.of(folders.snapshots().open(place.orElseThrow())));
  }
}

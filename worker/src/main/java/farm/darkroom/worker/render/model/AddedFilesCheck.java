package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.ControlNetChoice;
import farm.darkroom.common.job.Embedding;
import farm.darkroom.common.job.IpAdapterChoice;
import farm.darkroom.common.job.Lora;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.T2iAdapterChoice;
import farm.darkroom.sdxl.pipeline.ControlNet;
import farm.darkroom.sdxl.pipeline.RequestCheck;
import farm.darkroom.sdxl.pipeline.T2iAdapter;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.text.TextualInversion;
import farm.darkroom.sdxl.vision.IpAdapterFile;
import farm.darkroom.worker.render.engine.EngineFailures;
import farm.darkroom.worker.render.input.Inputs;
import farm.darkroom.worker.render.inventory.ModelFolders;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Checks the files that jobs add to a model by reading their headers, as a render would. */
public final class AddedFilesCheck {
  private final ModelFolders folders;
  private final AddedFiles files;

  public AddedFilesCheck(ModelFolders folders, Inputs inputs) {
    this.folders = requireNonNull(folders, "folders");
    this.files = new AddedFiles(folders, inputs, new Quarantine(System::nanoTime));
  }

  /**
   * Opens the job's LoRA files and embeddings, but those that lie in a store, its ControlNets and
   * its adapters.
   *
   * @throws FarmException what a render would throw: a file is not here or broken, or is not for
   *     this model
   */
  public void check(RenderJob job) {
    List<Lora> loras =
        job.additions().loras().stream().filter(lora -> !lora.path().isStored()).toList();
    List<Embedding> embeddings =
        job.additions().embeddings().stream().filter(own -> !own.path().isStored()).toList();
    List<AddedLora> networks = files.loras(loras);
    List<TextualInversion> words = Embeddings.open(files.embeddings(embeddings));
    Snapshot snapshot = open(job.model());
    EngineFailures.run(
        FailureKind.WORKER_UNFIT, job.model(), () -> AddedLora.open(networks, snapshot));
    RequestCheck model =
        EngineFailures.during(
            FailureKind.WORKER_UNFIT, job.model(), () -> RequestCheck.of(snapshot));
    EngineFailures.run(FailureKind.INVALID_JOB, job.model(), () -> model.check(words));
    job.additions().controlnet().forEach(choice -> controlNet(choice, model));
    job.additions().t2iAdapters().choices().forEach(own -> t2iAdapter(own, job, model));
    job.additions().ipAdapter().forEach(choice -> ipAdapter(choice, model));
  }

  private Snapshot open(String model) {
    Path place =
        folders
            .find(model)
            .orElseThrow(() -> FarmException.invalidJob("model %s is not here".formatted(model)));
    return EngineFailures.during(
        FailureKind.WORKER_UNFIT, model, () -> folders.snapshots().open(place));
  }

  private void ipAdapter(IpAdapterChoice choice, RequestCheck model) {
    String name = choice.model();
    Optional<Path> place = folders.find(name, Component.IP_ADAPTER);
    if (place.isPresent()) {
      IpAdapterFile adapter =
          EngineFailures.during(
              FailureKind.WORKER_UNFIT, name, () -> IpAdapterFile.sound(place.get()));
      EngineFailures.run(
          FailureKind.INVALID_JOB,
          name,
          () ->
              choice.scales().stream()
                  .map(LoadedAdditions::scale)
                  .forEach(scale -> model.check(adapter, scale)));
    }
  }

  private void t2iAdapter(T2iAdapterChoice choice, RenderJob job, RequestCheck model) {
    String name = choice.model();
    Optional<Path> place = folders.find(name, Component.T2I_ADAPTER);
    if (place.isPresent()) {
      Component adapter =
          EngineFailures.during(
              FailureKind.WORKER_UNFIT, name, () -> T2iAdapter.sound(place.get()));
      EngineFailures.run(
          FailureKind.INVALID_JOB,
          name,
          () -> model.check(adapter, job.framing().height(), job.framing().width()));
    }
  }

  private void controlNet(ControlNetChoice choice, RequestCheck model) {
    String name = choice.model();
    Optional<Path> place = folders.find(name, Component.CONTROLNET);
    if (place.isPresent()) {
      Component net =
          EngineFailures.during(
              FailureKind.WORKER_UNFIT, name, () -> ControlNet.sound(place.get()));
      EngineFailures.run(
          FailureKind.INVALID_JOB, name, () -> model.check(net, choice.controlModes()));
    }
  }
}

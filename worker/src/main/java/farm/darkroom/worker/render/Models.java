package farm.darkroom.worker.render;

import static farm.darkroom.worker.render.Lacks.CONTROLNET;
import static farm.darkroom.worker.render.Lacks.MODEL;
import static farm.darkroom.worker.render.Lacks.VAE;
import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.Additions;
import farm.darkroom.common.job.RefinerChoice;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.pipeline.ControlNet;
import farm.darkroom.worker.port.RenderPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The models that jobs may name here: found in folders, opened when asked for, put aside when they
 * turn out broken. {@link #open} and {@link #use} are for one thread, the rest is for all.
 */
final class Models implements AutoCloseable {
  private final ModelFolders folders;
  private final Pipelines pipelines;
  private final Quarantine quarantine;
  private final AddedFiles files;
  private final Lacks lacks;

  Models(ModelFolders folders, Inputs inputs, Pipelines pipelines, Quarantine quarantine) {
    this.folders = requireNonNull(folders, "folders");
    this.pipelines = requireNonNull(pipelines, "pipelines");
    this.quarantine = requireNonNull(quarantine, "quarantine");
    this.files = new AddedFiles(folders, inputs, quarantine);
    this.lacks = new Lacks(folders, files, quarantine);
  }

  /** The names of those that can be used, as far as is known. */
  List<String> names() {
    return lacks.names();
  }

  /** Why the job cannot be rendered here, as far as is known; empty when it can. */
  Optional<String> lack(RenderJob job) {
    return lacks.of(job);
  }

  /** Why {@code model} cannot be used here; empty when it can. */
  Optional<String> lack(String model) {
    return lacks.ofModel(model);
  }

  /** What is opened from now on is opened so. */
  void use(RenderPlan plan) {
    pipelines.use(plan);
  }

  /** Whether what follows may keep freed memory, as much again as it takes. */
  void roomy(boolean isRoomy) {
    pipelines.roomy(isRoomy);
  }

  /** Closes models that the job does not use, where they hold more than {@code room} bytes. */
  void makeRoom(RenderJob job, long room) {
    Optional<Path> base = folders.find(job.model());
    Optional<Path> refiner = job.refiner().map(RefinerChoice::model).flatMap(folders::find);
    pipelines.makeRoom(
        open ->
            base.stream().anyMatch(f -> open.is(f, job.additions().loras()))
                || refiner.stream().anyMatch(f -> open.is(f, List.of())),
        nets(job.additions()),
        room);
  }

  private Set<Path> nets(Additions additions) {
    return additions.controlnet().stream()
        .flatMap(choice -> folders.find(choice.model(), CONTROLNET).stream())
        .collect(Collectors.toSet());
  }

  /**
   * The refiner, open: the VAE is the job's, its networks are the base's alone.
   *
   * @throws FarmException WORKER_UNFIT when something is not here, or broken
   */
  LoadedModel openRefiner(String model, Additions additions) {
    return open(new ModelChoice(model, folder(model), vae(additions), List.of()));
  }

  /**
   * The model, open.
   *
   * @param additions a VAE instead of its own, networks to merge into it
   * @throws FarmException WORKER_UNFIT when something is not here, or broken, INVALID_JOB when a
   *     network does not fit the model
   */
  LoadedModel open(String model, Additions additions) {
    List<OwnLora> loras = files.loras(additions.loras());
    return open(new ModelChoice(model, folder(model), vae(additions), loras));
  }

  private Optional<OwnVae> vae(Additions additions) {
    return additions.vae().map(name -> new OwnVae(name, vaeFolder(name)));
  }

  /** Where it is broken with a VAE of the job's own, that VAE is suspected. */
  private LoadedModel open(ModelChoice choice) {
    return choice
        .vae()
        .map(vae -> quarantine.guarding(VAE, vae.name(), () -> pipelines.get(choice)))
        .orElseGet(() -> quarantine.guarding(MODEL, choice.name(), () -> pipelines.get(choice)));
  }

  /**
   * What a job adds to its requests, open.
   *
   * @throws FarmException WORKER_UNFIT when something is not here, or broken, INVALID_JOB when an
   *     embedding is none
   */
  LoadedAdditions open(Additions additions) {
    List<OwnEmbedding> words = files.embeddings(additions.embeddings());
    List<OwnControlNet> nets =
        additions.controlnet().stream().map(choice -> controlNet(choice.model())).toList();
    pipelines.makeRoom(nets);
    List<ControlNet> open =
        nets.stream()
            .map(net -> quarantine.guarding(CONTROLNET, net.name(), () -> pipelines.get(net)))
            .toList();
    return new LoadedAdditions(pipelines.get(words), open, pipelines.weights(words, nets));
  }

  private OwnControlNet controlNet(String name) {
    return folders
        .find(name, CONTROLNET)
        .map(folder -> new OwnControlNet(name, folder))
        .orElseThrow(
            () -> new FarmException(FailureKind.WORKER_UNFIT, lacks.missing(CONTROLNET, name)));
  }

  private Path folder(String model) {
    return folders
        .find(model)
        .orElseThrow(() -> new FarmException(FailureKind.WORKER_UNFIT, lack(model).orElseThrow()));
  }

  private Path vaeFolder(String name) {
    return folders
        .find(name, VAE)
        .orElseThrow(() -> new FarmException(FailureKind.WORKER_UNFIT, lacks.missing(VAE, name)));
  }

  /** The model is not to be used for a while. */
  void putAside(String model, String why) {
    quarantine.put(MODEL, model, why);
  }

  /** Closes what is open; it is opened again when it is asked for. */
  @Override
  public void close() {
    pipelines.close();
  }
}

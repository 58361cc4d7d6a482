package farm.darkroom.worker.command;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.worker.port.Renderer;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.JobCheck;
import farm.darkroom.worker.render.SdxlRenderer;
import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.render.engine.Gpus;
import farm.darkroom.worker.render.input.Inputs;
import farm.darkroom.worker.render.inventory.ModelFolders;
import farm.darkroom.worker.render.plan.MemorySize;
import farm.darkroom.worker.render.plan.Planning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that select what renders compute on. DARKROOM_ variables provide the defaults. */
public final class EngineOptions {
  @Option(
      names = "--models",
      paramLabel = "DIR",
      description =
          "folder of models, diffusers snapshots or single files, and of what jobs add to them:"
              + " ControlNets, files in loras/ and embeddings/ (DARKROOM_MODELS); demo and"
              + " demo-refiner are always there, hub ids are looked up in the Hugging Face cache")
  private Path models;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "cpu or cuda:N (DARKROOM_DEVICE; default cpu)")
  private String device;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description =
          "float32, bfloat16, float16 or auto: float16 on cuda, bfloat16 on a CPU that has"
              + " avx512_bf16 or amx_bf16, float32 on others (DARKROOM_DTYPE; default float32 on cpu,"
              + " float16 on cuda)")
  private String dtype;

  @Option(
      names = "--quantize",
      paramLabel = "TYPE",
      description =
          "int8: hold the UNet's attention and feed-forward weights in int8, on cpu;"
              + " less memory, more speed, slightly different pictures (DARKROOM_QUANTIZE;"
              + " default none)")
  private String quantize;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads that compute on cpu (DARKROOM_THREADS; default all)")
  private Integer threads;

  @Option(
      names = "--residency",
      paramLabel = "NAME",
      description =
          "where weights are: resident, model or sequential (DARKROOM_RESIDENCY; default the"
              + " fastest that fits)")
  private Residency residency;

  @Option(
      names = "--memory-limit",
      paramLabel = "SIZE",
      description =
          "the most memory to use on the device, such as 4GB or 6GiB; on cpu the"
              + " anonymous memory of the process (DARKROOM_MEMORY_LIMIT; default: what is free)")
  private String memoryLimit;

  /**
   * The settings: each from its flag, else from its variable, else its default.
   *
   * @throws FarmException WORKER_UNFIT naming what was found and what is allowed
   */
  public EngineSettings settings(Map<String, String> environment) {
    EngineSettings plain = plain(environment);
    return Optional.ofNullable(quantize)
        .or(() -> variable(environment, "DARKROOM_QUANTIZE"))
        .map(plain::quantised)
        .orElse(plain);
  }

  /**
   * As {@link #settings}, for a device that this machine has.
   *
   * @throws FarmException WORKER_UNFIT also when it has no such device, naming those that it has
   */
  public EngineSettings settingsHere(Map<String, String> environment) {
    EngineSettings settings = settings(environment);
    Gpus.require(settings);
    return settings;
  }

  private EngineSettings plain(Map<String, String> environment) {
    return EngineSettings.of(
        Optional.ofNullable(device).or(() -> variable(environment, "DARKROOM_DEVICE")),
        Optional.ofNullable(dtype).or(() -> variable(environment, "DARKROOM_DTYPE")),
        Optional.ofNullable(threads)
            .or(() -> variable(environment, "DARKROOM_THREADS").map(EngineOptions::number)),
        Optional.ofNullable(residency)
            .or(() -> variable(environment, "DARKROOM_RESIDENCY").map(EngineOptions::residency)),
        Optional.ofNullable(memoryLimit)
            .map(typed -> MemorySize.parse("--memory-limit", typed))
            .or(
                () ->
                    variable(environment, "DARKROOM_MEMORY_LIMIT")
                        .map(set -> MemorySize.parse("DARKROOM_MEMORY_LIMIT", set))));
  }

  /**
   * Refuses what a renderer with these flags would refuse to start with; libtorch is loaded only to
   * ask for a GPU.
   *
   * @throws FarmException WORKER_UNFIT naming what was found and what is allowed
   */
  public void verify(Map<String, String> environment) {
    EngineSettings unused = settingsHere(environment);
    folders(environment);
  }

  /** Plans with these settings; the engine is not started. */
  Planning planning(Map<String, String> environment, Inputs inputs) {
    return new Planning(settings(environment), folders(environment), inputs);
  }

  /** Refuses what a renderer would refuse; the engine is not started. */
  JobCheck check(Map<String, String> environment, Inputs inputs) {
    return new JobCheck(folders(environment), inputs);
  }

  /**
   * A renderer with these settings; the engine starts when it is first used.
   *
   * @param previewVae its name, as in jobs; empty: none
   * @throws FarmException WORKER_UNFIT when it is not here, or cannot make previews
   */
  public Renderer renderer(
      Map<String, String> environment, Inputs inputs, Clock clock, Optional<String> previewVae) {
    return new SdxlRenderer(
        settings(environment), folders(environment), inputs, clock, System::nanoTime, previewVae);
  }

  private ModelFolders folders(Map<String, String> environment) {
    Optional<Path> folder =
        Optional.ofNullable(models)
            .or(() -> variable(environment, "DARKROOM_MODELS").map(Path::of));
    folder
        .filter(path -> !Files.isDirectory(path))
        .ifPresent(
            path -> {
              throw refused("models folder %s: there is no such folder".formatted(path));
            });
    return ModelFolders.ofThisMachine(folder);
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static Integer number(String text) {
    try {
      return Integer.valueOf(text.strip());
    } catch (NumberFormatException e) {
      throw refused("DARKROOM_THREADS '%s' is no whole number".formatted(text));
    }
  }

  private static Residency residency(String text) {
    for (Residency known : Residency.values()) {
      if (known.label().equalsIgnoreCase(text.strip())) {
        return known;
      }
    }
    throw refused(
        "DARKROOM_RESIDENCY: found '%s', allowed: resident, model and sequential".formatted(text));
  }

  private static FarmException refused(String what) {
    return new FarmException(FailureKind.WORKER_UNFIT, what);
  }
}

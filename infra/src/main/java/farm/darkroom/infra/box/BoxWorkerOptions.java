package farm.darkroom.infra.box;

import farm.darkroom.common.FarmException;
import farm.darkroom.infra.supervisor.Supervisor;
import farm.darkroom.infra.supervisor.WorkerProcess;
import farm.darkroom.infra.supervisor.WorkerSpec;
import farm.darkroom.worker.command.EngineOptions;
import farm.darkroom.worker.port.Residency;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options of {@code worker} that a farm in a box passes on to its workers. */
final class BoxWorkerOptions {
  private static final int MOST_WORKERS = 64;
  private static final Duration GRACE = Duration.ofSeconds(12);

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "folder of models, as for 'worker'; demo and demo-refiner are always there")
  private String models;

  @Option(names = "--device", paramLabel = "DEVICE", description = "cpu or cuda:N")
  private String device;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "float32, bfloat16, float16 or auto")
  private String dtype;

  @Option(
      names = "--quantize",
      paramLabel = "TYPE",
      description = "int8: hold the UNet's weights in int8, on cpu")
  private String quantize;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads that each worker computes with")
  private Integer threads;

  @Option(
      names = "--residency",
      paramLabel = "NAME",
      description =
          "where weights are: resident, model or sequential (default the fastest that fits)")
  private Residency residency;

  @Option(
      names = "--memory-limit",
      paramLabel = "SIZE",
      description = "the most memory that each worker takes, such as 4GB")
  private String memoryLimit;

  /** What was typed, as arguments of {@code worker}. */
  private List<String> workerArguments() {
    List<String> arguments = new ArrayList<>();
    add(arguments, "--models", models);
    add(arguments, "--device", device);
    add(arguments, "--dtype", dtype);
    add(arguments, "--quantize", quantize);
    add(arguments, "--threads", threads);
    add(arguments, "--residency", residency);
    add(arguments, "--memory-limit", memoryLimit);
    return arguments;
  }

  /**
   * Refuses what each worker would refuse when it starts.
   *
   * @param environment which the workers get, too
   * @throws FarmException WORKER_UNFIT naming what was found and what is allowed
   */
  void check(Map<String, String> environment) {
    EngineOptions engine = new EngineOptions();
    new CommandLine(engine)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(workerArguments().toArray(String[]::new));
    engine.verify(environment);
  }

  /** What was typed; where no threads were, the machine's are shared among the workers. */
  private List<String> shared(int workers) {
    List<String> arguments = workerArguments();
    if (threads == null) {
      int share = Math.max(1, Runtime.getRuntime().availableProcessors() / workers);
      add(arguments, "--threads", share);
    }
    return arguments;
  }

  /**
   * Supervises workers named {@code box-1}, {@code box-2} and so on, each with a log file in {@code
   * logs}.
   *
   * @param variables of the farm
   * @param more arguments for each
   */
  Supervisor supervisor(int workers, Path logs, Map<String, String> variables, List<String> more) {
    List<String> arguments = shared(Math.max(1, workers));
    arguments.addAll(more);
    List<WorkerSpec> specs =
        IntStream.rangeClosed(1, workers)
            .mapToObj(i -> new WorkerSpec("box-" + i, arguments))
            .toList();
    return new Supervisor(
        specs, WorkerProcess.launcher(variables, Optional.of(logs), GRACE), System::nanoTime);
  }

  /**
   * @throws FarmException INVALID_JOB naming what was typed and what is allowed
   */
  static void checkWorkers(int workers, int fewest) {
    if (workers < fewest || workers > MOST_WORKERS) {
      throw FarmException.invalidJob(
          "--workers: found %d, allowed: %d to %d".formatted(workers, fewest, MOST_WORKERS));
    }
  }

  private static void add(List<String> arguments, String flag, Object value) {
    if (value != null) {
      arguments.add(flag);
      arguments.add(value.toString());
    }
  }
}

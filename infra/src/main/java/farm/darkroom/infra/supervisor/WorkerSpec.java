package farm.darkroom.infra.supervisor;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a worker process is started with.
 *
 * @param name of the worker, unique in the farm
 * @param arguments of {@code darkroom worker} besides the name
 */
public record WorkerSpec(String name, List<String> arguments) {
  public WorkerSpec {
    requireNonNull(name, "name");
    arguments = List.copyOf(arguments);
  }
}

package farm.darkroom.infra.box;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A worker in a JVM of its own, with this one's class path; what it says goes into a log file. */
final class WorkerProcess implements AutoCloseable {
  private static final long GRACE_SECONDS = 12;
  private static final List<String> INHERITED =
      List.of("darkroom.home", "ai.djl.offline", "OPT_OUT_TRACKING", "java.awt.headless");
  private final Process process;

  private WorkerProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts {@code darkroom worker}.
   *
   * @param variables of the farm
   * @param arguments besides the name
   * @throws IOException when the JVM cannot be started
   */
  static WorkerProcess start(
      String name, Map<String, String> variables, List<String> arguments, Path log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx1g"));
    INHERITED.stream()
        .filter(key -> System.getProperty(key) != null)
        .forEach(key -> command.add("-D" + key + "=" + System.getProperty(key)));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("farm.darkroom.infra.Darkroom", "worker", "--name", name));
    command.addAll(arguments);
    Files.createDirectories(log.getParent());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(variables);
    return new WorkerProcess(builder.start());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Tells it to stop, and ends it when it has not left within its grace. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

package farm.darkroom.infra.worker;

import farm.darkroom.common.store.S3Credentials;
import farm.darkroom.infra.Darkroom;
import farm.darkroom.infra.jvm.QuickJava;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code darkroom worker} in a JVM of its own. */
final class SpawnedWorker implements AutoCloseable {
  private static final List<String> OPTIONS =
      List.of("-Xmx512m", "-Dai.djl.offline=true", "-Ddarkroom.home=..");
  private final Process process;
  private final Path output;

  /**
   * @param flags besides its name and threads
   * @param variables besides the store's key pair
   */
  SpawnedWorker(
      String name,
      List<String> flags,
      Map<String, String> variables,
      S3Credentials credentials,
      Path folder) {
    output = folder.resolve(name + ".log");
    List<String> command = QuickJava.command(OPTIONS);
    command.add(Darkroom.class.getName());
    command.addAll(List.of("worker", "--name", name, "--threads", "1"));
    command.addAll(flags);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("DARKROOM_S3_ACCESS_KEY", credentials.accessKey());
    builder.environment().put("DARKROOM_S3_SECRET_KEY", credentials.secretKey());
    builder.environment().putAll(variables);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it printed so far. */
  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * The workers of one that was started with {@code --devices}; not what else it runs for a moment,
   * such as {@code ldconfig}.
   */
  List<ProcessHandle> children() {
    return process.children().filter(SpawnedWorker::isJava).toList();
  }

  private static boolean isJava(ProcessHandle child) {
    return child.info().command().filter(command -> command.endsWith("java")).isPresent();
  }

  int exitCode() {
    return process.exitValue();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  boolean endsWithin(long seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}

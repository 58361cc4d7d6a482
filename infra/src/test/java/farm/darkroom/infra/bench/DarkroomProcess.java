package farm.darkroom.infra.bench;

import farm.darkroom.infra.Darkroom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A command of darkroom in a JVM of its own, as {@code scripts/darkroom} starts it. */
final class DarkroomProcess implements AutoCloseable {
  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmx1g",
          "-XX:Tier4InvocationThreshold=100000",
          "-XX:Tier4MinInvocationThreshold=12000",
          "-XX:Tier4CompileThreshold=300000",
          "-XX:Tier4BackEdgeThreshold=800000",
          "-Dai.djl.offline=true",
          "-DOPT_OUT_TRACKING=true",
          "-Ddarkroom.home=.");

  private final Process process;

  /**
   * @param variables of its farm
   * @param log what it says
   */
  DarkroomProcess(Map<String, String> variables, Path log, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Darkroom.class.getName()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(variables);
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    builder.environment().put("DARKROOM_LOG_LEVEL", "INFO");
    process = builder.redirectOutput(log.toFile()).start();
  }

  /**
   * Waits for its end.
   *
   * @return its exit code
   */
  int end() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}

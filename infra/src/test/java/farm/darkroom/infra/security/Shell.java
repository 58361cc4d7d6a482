package farm.darkroom.infra.security;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.infra.Darkroom;
import farm.darkroom.infra.jvm.QuickJava;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Commands as processes of their own, with the log of everything at DEBUG that is darkroom's.
 *
 * @param folder where what they say is kept
 * @param variables of their environment, beside this process's own
 */
record Shell(Path folder, Map<String, String> variables) {
  private static final long PATIENCE_SECONDS = 60;
  private static final List<String> OPTIONS =
      List.of(
          "-Xmx1g",
          "-Dlogback.configurationFile=logback.xml",
          "-Dai.djl.offline=true",
          "-Ddarkroom.home=..");

  /** What a command said, and how it ended. */
  record Answer(int code, String out, String err) {}

  /** Runs a command to its end. */
  Answer run(String... typed) throws Exception {
    String name = Files.createTempFile(folder, typed[0] + "-", "").getFileName().toString();
    Process process = start(name, typed);
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    String err = Files.readString(folder.resolve(name + ".err"));
    assertThat(ended).as("%s ended: %s", List.of(typed), err).isTrue();
    return new Answer(process.exitValue(), Files.readString(folder.resolve(name + ".out")), err);
  }

  /** Starts a command; what it says goes to {@code name.out} and {@code name.err}. */
  Process start(String name, String... typed) throws IOException {
    List<String> command = QuickJava.command(OPTIONS);
    command.add(Darkroom.class.getName());
    command.addAll(List.of(typed));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(variables);
    builder.redirectOutput(folder.resolve(name + ".out").toFile());
    builder.redirectError(folder.resolve(name + ".err").toFile());
    return builder.start();
  }
}

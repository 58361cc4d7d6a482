package farm.darkroom.infra.chaos;

import farm.darkroom.infra.jvm.QuickJava;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A JVM to be started with this one's classes.
 *
 * @param options of the JVM
 * @param variables of its environment
 */
record Jvm(List<String> options, Map<String, String> variables) {
  private static final List<String> SMALL = List.of("-Xmx128m");

  Jvm {
    options = List.copyOf(options);
    variables = Map.copyOf(variables);
  }

  /** Small, and quick to start. */
  static Jvm small(Map<String, String> variables) {
    return new Jvm(SMALL, variables);
  }

  Jvm with(String... more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return new Jvm(all, variables);
  }

  /** Starts {@code main}; what it prints goes into {@code folder/name.log}. */
  Child start(String name, Class<?> main, List<String> arguments, Path folder) {
    return start(name, command(main, arguments), folder);
  }

  /** As {@link #start}, with the command given to a shell after {@code before}. */
  Child startAfter(String before, String name, Class<?> main, List<String> arguments, Path folder) {
    List<String> shell = new ArrayList<>(List.of("sh", "-c", before + "; exec \"$@\"", "sh"));
    shell.addAll(command(main, arguments));
    return start(name, shell, folder);
  }

  private List<String> command(Class<?> main, List<String> arguments) {
    List<String> command = QuickJava.command(options);
    command.add(main.getName());
    command.addAll(arguments);
    return command;
  }

  private Child start(String name, List<String> command, Path folder) {
    Path log = folder.resolve(name + ".log");
    try {
      Files.createDirectories(folder);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(log.toFile()));
      builder.environment().putAll(variables);
      return new Child(name, builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

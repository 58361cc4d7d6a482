package farm.darkroom.infra.supervisor;

import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A worker in a JVM of its own, with the JVM options and class path of this one. */
public final class WorkerProcess implements WorkerHandle {
  /** The flag that tells a worker to leave when the process of that id ends, however it does. */
  public static final String WITH_PARENT = "--with-parent";

  /** The prefix of a worker's log lines, where several workers share a terminal. */
  private static final String LABEL = "DARKROOM_LOG_LABEL";

  private static final String DEBUGGER = "-agentlib:jdwp";

  private final Process process;
  private final Optional<LogFile> log;
  private final long before;
  private final Duration grace;

  /**
   * @param before bytes that the log had when it started
   */
  private WorkerProcess(Process process, Optional<LogFile> log, long before, Duration grace) {
    this.process = process;
    this.log = log;
    this.before = before;
    this.grace = grace;
  }

  /**
   * Starts {@code darkroom worker}.
   *
   * @param variables besides those of this process
   * @param logs the folder of its log file; empty: it writes where this process does
   * @param grace how long it may take to leave
   */
  public static WorkerHandle.Launcher launcher(
      Map<String, String> variables, Optional<Path> logs, Duration grace) {
    return spec -> {
      ProcessBuilder builder = new ProcessBuilder(command(spec));
      builder.environment().putAll(variables);
      Optional<LogFile> log = logs.map(folder -> LogFile.of(folder.resolve(spec.name() + ".log")));
      builder.redirectErrorStream(log.isPresent());
      if (log.isPresent()) {
        Files.createDirectories(logs.get());
        log.get().trim();
        builder.redirectOutput(Redirect.appendTo(log.get().file().toFile()));
      } else {
        builder.redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT);
        builder.environment().put(LABEL, "[" + spec.name() + "] ");
      }
      long before = log.map(LogFile::size).orElse(0L);
      return new WorkerProcess(builder.start(), log, before, grace);
    };
  }

  private static List<String> command(WorkerSpec spec) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith(DEBUGGER))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("farm.darkroom.infra.Darkroom", "worker", "--name", spec.name()));
    command.addAll(List.of(WITH_PARENT, Long.toString(ProcessHandle.current().pid())));
    command.addAll(spec.arguments());
    return command;
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public int exitCode() {
    return process.exitValue();
  }

  @Override
  public String lastLogLine() {
    return log.map(file -> file.lastLine(before)).orElse("");
  }

  @Override
  public void trimFiles() {
    log.ifPresent(LogFile::trim);
  }

  @Override
  public void requestStop() {
    process.destroy();
  }

  @Override
  public void close() {
    requestStop();
    try {
      if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

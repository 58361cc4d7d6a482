package farm.darkroom.infra.bench;

import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.store.InMemoryResultStore;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.S3Settings;
import farm.darkroom.submitter.farm.Farm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** A worker in a JVM of its own that stores nothing, and renders at once or for ever. */
final class BenchProcess implements AutoCloseable {
  private static final String FOR_EVER = "for-ever";
  private final Process process;

  /**
   * @param log what it says
   */
  private BenchProcess(Farm farm, String name, String time, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
            "-cp",
            System.getProperty("java.class.path"),
            BenchProcess.class.getName(),
            farm.kafka().bootstrap(),
            farm.queue(),
            name,
            time);
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  static BenchProcess instant(Farm farm, String name, Path folder) throws IOException {
    return new BenchProcess(farm, name, "instant", folder.resolve(name + ".log"));
  }

  /** Takes one job and renders it until it dies. */
  static BenchProcess rendersForEver(Farm farm, String name, Path folder) throws IOException {
    return new BenchProcess(farm, name, FOR_EVER, folder.resolve(name + ".log"));
  }

  void kill() {
    process.destroyForcibly();
  }

  /** SIGSTOP: the process stands still, its connections stay open. */
  void hang() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    kill();
    process.onExit().join();
  }

  public static void main(String[] arguments) throws InterruptedException {
    KafkaSettings kafka = KafkaSettings.of(arguments[0]);
    Farm farm = new Farm(kafka, S3Settings.resolve(Map.of(), Map.of()), arguments[1]);
    InstantRenderer renderer =
        arguments[3].equals(FOR_EVER)
            ? new InstantRenderer(job -> renderForEver(), job -> {})
            : InstantRenderer.unwatched();
    try (ResultStore store = new InMemoryResultStore();
        BenchWorker worker =
            new BenchWorker(arguments[2], farm, renderer, store, UnaryOperator.identity())) {
      worker.join();
    }
  }

  private static void renderForEver() {
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.park();
    }
  }
}

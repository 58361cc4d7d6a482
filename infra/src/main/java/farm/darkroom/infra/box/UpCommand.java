package farm.darkroom.infra.box;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darkroom up}. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Keep a farm in a box running: broker, store and workers on this machine.",
    description = {
      "Listens on the loopback address. The data stays in DIR and is there again after a restart;",
      "DIR/farm.env has the variables that every other command reads. Ctrl-C stops it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom up --workers 1",
      "  darkroom up --workers 0 --data /srv/farm --kafka-port 9092 --s3-port 9000"
    })
public final class UpCommand implements Callable<Integer> {
  private static final long LOOK_MILLIS = 500;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = "worker processes; 0: broker and store only (default ${DEFAULT-VALUE})")
  private int workers;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "darkroom-data",
      description = "where everything lies (default ${DEFAULT-VALUE})")
  private Path data;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "the broker's port, 0 for a free one (default ${DEFAULT-VALUE})")
  private int kafkaPort;

  @Option(
      names = "--s3-port",
      paramLabel = "PORT",
      defaultValue = "9000",
      description = "the store's port, 0 for a free one (default ${DEFAULT-VALUE})")
  private int s3Port;

  @Mixin private CrewOptions crew;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    CrewOptions.checkWorkers(workers, 0);
    Path folder = data.toAbsolutePath();
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    try (FarmBox box = FarmBox.start(folder, kafkaPort, s3Port);
        Crew posts =
            new Crew(
                workers,
                folder.resolve("logs"),
                box.variables(),
                crew.shared(Math.max(1, workers)))) {
      Path file = writeVariables(folder, box.variables());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> await(told, closed), "up-stop"));
      posts.muster();
      say(box, file);
      while (!told.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        posts.muster();
      }
      Files.deleteIfExists(file);
    } finally {
      closed.countDown();
    }
    return 0;
  }

  private void say(FarmBox box, Path file) {
    Map<String, String> variables = box.variables();
    spec.commandLine()
        .getOut()
        .printf(
            "broker %s, store %s, workers %d%nvariables in %s%n",
            variables.get("DARKROOM_KAFKA"), variables.get("DARKROOM_S3_ENDPOINT"), workers, file);
    spec.commandLine().getOut().flush();
  }

  /** Lets the main thread close everything before the JVM ends. */
  private static void await(CountDownLatch told, CountDownLatch closed) {
    told.countDown();
    try {
      if (!closed.await(30, TimeUnit.SECONDS)) {
        System.err.println("up: not everything closed in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The file holds the store's secret: nobody else may read it. */
  private static Path writeVariables(Path folder, Map<String, String> variables)
      throws IOException {
    Path file = folder.resolve("farm.env");
    String lines =
        variables.entrySet().stream()
            .map(variable -> variable.getKey() + "=" + variable.getValue() + "\n")
            .collect(Collectors.joining());
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, lines);
    return file;
  }
}

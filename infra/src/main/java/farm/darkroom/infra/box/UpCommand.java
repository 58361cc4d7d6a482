package farm.darkroom.infra.box;

import farm.darkroom.common.FarmException;
import farm.darkroom.infra.dashboard.Dashboard;
import farm.darkroom.infra.embedded.BrokerAddress;
import farm.darkroom.infra.embedded.EmbeddedKafka;
import farm.darkroom.infra.serving.PortOption;
import farm.darkroom.infra.serving.ShutdownSignal;
import farm.darkroom.infra.supervisor.Supervisor;
import farm.darkroom.submitter.farm.Farm;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
    description =
        "Listens on the loopback address unless told otherwise. The data is kept in"
            + " DIR and survives a restart; DIR/farm.env holds the variables that every other"
            + " command reads. Ctrl-C stops it.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom up --workers 1",
      "  darkroom up --workers 2 --listen 192.168.1.7",
      "  darkroom up --workers 0 --data /srv/farm --kafka-port 9092 --s3-port 9000"
    })
public final class UpCommand implements Callable<Integer> {
  private static final long LOOK_MILLIS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = "worker processes; 0: broker and store only (default ${DEFAULT-VALUE})")
  private int workers;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      defaultValue = BrokerAddress.LOOPBACK,
      description =
          "the address of this machine that broker and store listen on and advertise;"
              + " the broker accepts everybody who can reach it (default ${DEFAULT-VALUE})")
  private String listen;

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

  @Option(
      names = "--dashboard-port",
      paramLabel = "PORT",
      description =
          "the dashboard's port, 0 for a free one (default "
              + Dashboard.PORT
              + ", or a free one if that is taken)")
  private Integer dashboardPort;

  @Option(
      names = "--previews",
      description = "let the dashboard show what is being rendered, as for 'worker'")
  private boolean previews;

  @Mixin private BoxWorkerOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    BoxWorkerOptions.checkWorkers(workers, 0);
    options.check(System.getenv());
    PortOption.checkPort("--kafka-port", kafkaPort);
    PortOption.checkPort("--s3-port", s3Port);
    if (dashboardPort != null) {
      PortOption.checkPort("--dashboard-port", dashboardPort);
    }
    Path folder = data.toAbsolutePath();
    try (NewFolders made = newFolders(folder);
        ShutdownSignal end = ShutdownSignal.listen("up", PATIENCE);
        FarmBox box = FarmBox.start(folder, address().getHostAddress(), kafkaPort, s3Port);
        Dashboard dashboard = dashboard(box.farm());
        Supervisor supervisor =
            options.supervisor(workers, folder.resolve("logs"), box.workerVariables(), shown())) {
      Path file = writeVariables(folder, box.variables());
      supervisor.startMissing();
      warn(address());
      say(box, dashboard, file);
      made.keep();
      while (!end.cameWithin(LOOK_MILLIS)) {
        supervisor.startMissing();
      }
      Files.deleteIfExists(file);
    }
    return 0;
  }

  private static NewFolders newFolders(Path data) {
    NewFolders made = NewFolders.make(data.resolve("kafka"), data.resolve("s3"));
    EmbeddedKafka.beforeHalt(made::discard);
    return made;
  }

  private List<String> shown() {
    return previews ? List.of("--previews") : List.of();
  }

  /** Other machines are told the address: it cannot be all of them. */
  private InetAddress address() {
    try {
      InetAddress address = InetAddress.getByName(listen);
      if (address instanceof Inet4Address && !address.isAnyLocalAddress()) {
        return address;
      }
    } catch (UnknownHostException e) {
      throw FarmException.invalidJob(
          "--listen: found '%s', there is no such host".formatted(listen));
    }
    throw FarmException.invalidJob(
        "--listen: found '%s', allowed: one IPv4 address of this machine, which other machines are told"
            .formatted(listen));
  }

  private void warn(InetAddress address) {
    if (!address.isLoopbackAddress()) {
      spec.commandLine()
          .getErr()
          .printf(
              "up: whoever can reach %s may use the broker and see the pictures, without a"
                  + " password%n",
              address.getHostAddress());
    }
  }

  /** No box fails to start because another one serves its dashboard already. */
  private Dashboard dashboard(Farm farm) {
    if (dashboardPort != null) {
      InetSocketAddress at = new InetSocketAddress(address(), dashboardPort);
      return PortOption.open("--dashboard-port", () -> Dashboard.open(farm, at));
    }
    try {
      return Dashboard.open(farm, new InetSocketAddress(address(), Dashboard.PORT));
    } catch (FarmException taken) {
      return Dashboard.open(farm, new InetSocketAddress(address(), 0));
    }
  }

  private void say(FarmBox box, Dashboard dashboard, Path file) {
    Map<String, String> variables = box.variables();
    spec.commandLine()
        .getOut()
        .printf(
            "broker %s, store %s, workers %d%ndashboard http://%s:%d/%nvariables in %s%n",
            variables.get("DARKROOM_KAFKA"),
            variables.get("DARKROOM_S3_ENDPOINT"),
            workers,
            address().getHostAddress(),
            dashboard.port(),
            file);
    spec.commandLine().getOut().flush();
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

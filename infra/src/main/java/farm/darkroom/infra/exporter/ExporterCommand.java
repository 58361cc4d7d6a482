package farm.darkroom.infra.exporter;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.infra.crew.EndCall;
import farm.darkroom.submitter.command.QueueReader;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.worker.TextServer;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darkroom exporter}. */
@Command(
    name = "exporter",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Serve how full all queues are to Prometheus, and to what scales workers by it.",
    description = "One for a broker is enough. Ctrl-C stops it.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom exporter --port 9465",
      "  darkroom exporter --kafka broker:9092 --host 0.0.0.0"
    })
public final class ExporterCommand implements Callable<Integer> {
  private static final int MOST_PORTS = 65_535;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9465",
      description =
          "serve /metrics, /queues/NAME and /healthz there (default ${DEFAULT-VALUE}; 0 is any)")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "the address to serve them on (default ${DEFAULT-VALUE})")
  private String host;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    InetSocketAddress address = address();
    try (EndCall end = EndCall.listen("exporter", PATIENCE);
        QueueReader reader = new QueueReader(options.farm(), Clock.systemUTC());
        TextServer server = new TextServer(address, new QueuePages(reader)::page)) {
      spec.commandLine()
          .getOut()
          .printf("queues at http://%s:%d/metrics%n", host, server.port())
          .flush();
      end.await();
    }
    return 0;
  }

  private InetSocketAddress address() {
    if (port < 0 || port > MOST_PORTS) {
      throw refused("--port %d: allowed are 0 to %d".formatted(port, MOST_PORTS));
    }
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw refused("--host %s: there is no such host".formatted(host));
    }
    return address;
  }

  private static FarmException refused(String what) {
    return new FarmException(FailureKind.WORKER_UNFIT, what);
  }
}

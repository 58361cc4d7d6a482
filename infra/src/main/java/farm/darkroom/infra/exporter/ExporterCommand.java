package farm.darkroom.infra.exporter;

import farm.darkroom.common.page.PageServer;
import farm.darkroom.infra.serving.PortOption;
import farm.darkroom.infra.serving.ShutdownSignal;
import farm.darkroom.submitter.command.QueueReader;
import farm.darkroom.submitter.farm.FarmOptions;
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
    header = "Serve the depth of all queues to Prometheus and to autoscalers such as KEDA.",
    description = "One for a broker is enough. Ctrl-C stops it.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom exporter --port 9465",
      "  darkroom exporter --kafka broker:9092 --host 0.0.0.0"
    })
public final class ExporterCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9465",
      order = 1,
      description =
          "serve /metrics, /queues/NAME and /healthz on this port (default"
              + " ${DEFAULT-VALUE}; 0: any free one)")
  private int port;

  @Mixin private PortOption served;
  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    InetSocketAddress address = served.port("--port", port);
    try (ShutdownSignal end = ShutdownSignal.listen("exporter", PATIENCE);
        QueueReader reader = new QueueReader(options.farm(), Clock.systemUTC());
        PageServer server =
            PortOption.open(
                "--port", () -> new PageServer(address, new QueuePages(reader)::page))) {
      served.say(spec, "queues", server.port(), "/metrics");
      end.await();
    }
    return 0;
  }
}

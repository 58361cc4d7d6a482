package farm.darkroom.infra.dashboard;

import farm.darkroom.infra.serving.PortOption;
import farm.darkroom.infra.serving.ShutdownSignal;
import farm.darkroom.submitter.farm.FarmOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darkroom dashboard}. */
@Command(
    name = "dashboard",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Serve a page of the farm: queues, workers, dead jobs, latest pictures.",
    description =
        "For people with a browser; 'up' serves it, too. It is read-only and asks for"
            + " no password: whoever can reach the address sees the pictures. Ctrl-C stops it.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom dashboard", "  darkroom dashboard --kafka broker:9092 --port 8080"})
public final class DashboardCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "" + Dashboard.PORT,
      order = 1,
      description = "the page's port (default ${DEFAULT-VALUE}; 0: any free one)")
  private int port;

  @Mixin private PortOption served;
  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    InetSocketAddress address = served.port("--port", port);
    try (ShutdownSignal end = ShutdownSignal.listen("dashboard", PATIENCE);
        Dashboard dashboard =
            PortOption.open("--port", () -> Dashboard.open(options.farm(), address))) {
      served.say(spec, "dashboard", dashboard.port(), "/");
      end.await();
    }
    return 0;
  }
}

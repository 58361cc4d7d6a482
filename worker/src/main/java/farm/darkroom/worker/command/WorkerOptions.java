package farm.darkroom.worker.command;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.worker.WorkerSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of a worker besides those of its engine and its farm. */
public final class WorkerOptions {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final int MOST_PORTS = 65_535;

  @Option(
      names = "--name",
      paramLabel = "ID",
      description = "the worker's unique name in the farm (default: host name and process id)")
  private String name;

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description =
          "seconds that the worker may take to leave when told to stop (default"
              + " ${DEFAULT-VALUE})")
  private double grace;

  @Option(
      names = "--health-port",
      paramLabel = "PORT",
      description =
          "serve /healthz, /readyz and /metrics on this port (default: not at all; 0:"
              + " any free one)")
  private Integer port;

  @Option(
      names = "--health-host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "the address to serve them on (default ${DEFAULT-VALUE})")
  private String host;

  @Mixin private BatchOption batch;

  @ArgGroup(exclusive = false)
  private StoredPreviews previews;

  /**
   * The worker's settings.
   *
   * @throws FarmException WORKER_UNFIT naming what was found and what is allowed
   */
  public WorkerSettings settings(String queue, String device) {
    if (!(grace >= 0 && grace <= Duration.ofDays(1).toSeconds())) {
      throw refused("--grace: found %s, allowed: 0 to 86400 seconds".formatted(grace));
    }
    return new WorkerSettings(
        id(),
        queue,
        device,
        Duration.ofMillis(Math.round(grace * 1000)),
        WorkerSettings.DEFAULT_HEARTBEAT,
        Optional.ofNullable(port).map(this::address),
        batch.pictures(),
        previews().map(PreviewOptions::rate));
  }

  /** The autoencoder that makes previews, as a job would name it; empty: none. */
  public Optional<String> previewVae() {
    return previews().flatMap(PreviewOptions::vae);
  }

  private Optional<StoredPreviews> previews() {
    return Optional.ofNullable(previews).filter(StoredPreviews::wanted);
  }

  private String id() {
    String id = name == null ? host() + "-" + ProcessHandle.current().pid() : name;
    if (!NAME.matcher(id).matches()) {
      throw refused(
          "--name: found '%s', allowed: letters, digits, '.', '_' and '-', at most 128"
              .formatted(id));
    }
    return id;
  }

  private InetSocketAddress address(int number) {
    if (number < 0 || number > MOST_PORTS) {
      throw refused("--health-port: found %d, allowed: 0 to %d".formatted(number, MOST_PORTS));
    }
    InetSocketAddress address = new InetSocketAddress(host, number);
    if (address.isUnresolved()) {
      throw refused("--health-host %s: there is no such host".formatted(host));
    }
    return address;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
    } catch (UnknownHostException e) {
      return "worker";
    }
  }

  private static FarmException refused(String what) {
    return new FarmException(FailureKind.WORKER_UNFIT, what);
  }
}

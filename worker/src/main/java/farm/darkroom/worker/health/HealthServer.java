package farm.darkroom.worker.health;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.page.Page;
import farm.darkroom.common.page.PageServer;
import java.net.InetSocketAddress;
import java.util.function.Function;

/**
 * {@code /healthz} (the loop runs), {@code /readyz} (and jobs may come) and {@code /metrics} on one
 * port.
 */
public final class HealthServer implements AutoCloseable {

  private final WorkerStatus status;
  private final Metrics metrics;
  private final PageServer server;

  /**
   * @param address port 0 takes a free one
   * @throws FarmException WORKER_UNFIT when the port is taken
   */
  public HealthServer(InetSocketAddress address, WorkerStatus status, Metrics metrics) {
    this.status = requireNonNull(status, "status");
    this.metrics = requireNonNull(metrics, "metrics");
    this.server = open(address, this::page);
  }

  private static PageServer open(InetSocketAddress address, Function<String, Page> pages) {
    try {
      return new PageServer(address, pages);
    } catch (FarmException e) {
      throw new FarmException(
          e.kind(),
          e.getMessage() + "; --health-port takes another port, --health-host another address",
          e);
    }
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
  }

  private Page page(String path) {
    WorkerStatus.Moment now = status.now();
    return switch (path) {
      case "/healthz" -> now.gone() ? Page.unavailable(now.stage()) : Page.line(now.stage());
      case "/readyz" -> now.ready() ? Page.line(now.stage()) : Page.unavailable(trouble(now));
      case "/metrics" -> Page.metrics(metrics.scrape());
      default -> Page.notFound("/healthz, /readyz or /metrics");
    };
  }

  private static String trouble(WorkerStatus.Moment now) {
    return now.trouble().orElse(now.stage());
  }
}

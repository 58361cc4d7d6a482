package farm.darkroom.infra.dashboard;

import farm.darkroom.common.page.PageServer;
import farm.darkroom.submitter.farm.Farm;
import java.net.InetSocketAddress;
import java.time.Clock;

/** Serves the dashboard of one farm. */
public final class Dashboard implements AutoCloseable {
  /** Unless another is typed: the one behind the exporter's. */
  public static final int PORT = 9466;

  private final FarmMonitor farm;
  private final PageServer server;

  private Dashboard(FarmMonitor farm, PageServer server) {
    this.farm = farm;
    this.server = server;
  }

  /**
   * Listens at once; the farm is read only when somebody looks.
   *
   * @param address port 0 takes a free one
   * @throws farm.darkroom.common.FarmException WORKER_UNFIT when the port is taken
   */
  public static Dashboard open(Farm farm, InetSocketAddress address) {
    FarmMonitor watch = new FarmMonitor(farm, Clock.systemUTC(), System::nanoTime);
    try {
      return new Dashboard(watch, new PageServer(address, new DashboardPages(watch)::page));
    } catch (RuntimeException e) {
      watch.close();
      throw e;
    }
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
    farm.close();
  }
}

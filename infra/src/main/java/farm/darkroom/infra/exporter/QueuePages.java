package farm.darkroom.infra.exporter;

import farm.darkroom.common.FarmException;
import farm.darkroom.submitter.command.QueueLine;
import farm.darkroom.submitter.command.QueueReader;
import farm.darkroom.worker.pulse.PageServer.Page;
import java.util.List;
import java.util.function.Function;

/**
 * {@code /metrics} for Prometheus, and {@code /queues/NAME}, the line of {@code queues --json}, for
 * what scales workers by it. A broker that is away fails both, which nobody takes for an empty
 * queue.
 */
public final class QueuePages {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;
  private static final String QUEUE = "/queues/";

  private final QueueReader reader;
  private final QueueGauges gauges = new QueueGauges();

  public QueuePages(QueueReader reader) {
    this.reader = reader;
  }

  /** The page at this path. */
  public Page page(String path) {
    if (path.equals("/healthz")) {
      return Page.line(OK, "up");
    }
    if (path.equals("/metrics")) {
      return reading(queues -> Page.metrics(gauges.text(queues)));
    }
    if (path.startsWith(QUEUE)) {
      return reading(queues -> queue(queues, path.substring(QUEUE.length())));
    }
    return Page.line(NOT_FOUND, "/metrics, /queues/NAME or /healthz");
  }

  private Page reading(Function<List<QueueLine>, Page> make) {
    try {
      return make.apply(reader.read());
    } catch (FarmException e) {
      return Page.line(UNAVAILABLE, e.getMessage());
    }
  }

  private static Page queue(List<QueueLine> queues, String name) {
    return queues.stream()
        .filter(line -> line.status().queue().equals(name))
        .findFirst()
        .map(line -> Page.json(line.json().toString()))
        .orElseGet(() -> Page.line(NOT_FOUND, "there is no such queue"));
  }
}

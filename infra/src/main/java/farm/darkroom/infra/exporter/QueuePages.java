package farm.darkroom.infra.exporter;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.page.Page;
import farm.darkroom.submitter.command.QueueLine;
import farm.darkroom.submitter.command.QueueReader;
import java.util.List;
import java.util.function.Function;

/**
 * {@code /metrics} for Prometheus, and {@code /queues/NAME}, the line of {@code queues --json}, for
 * what scales workers by it. A broker that is away fails both, which nobody takes for an empty
 * queue.
 */
public final class QueuePages {
  private static final String QUEUE = "/queues/";

  private final QueueReader reader;
  private final QueueGauges gauges = new QueueGauges();

  public QueuePages(QueueReader reader) {
    this.reader = reader;
  }

  /** The page at this path. */
  public Page page(String path) {
    if (path.equals("/healthz")) {
      return Page.line("up");
    }
    if (path.equals("/metrics")) {
      return reading(queues -> Page.metrics(gauges.text(queues)));
    }
    if (path.startsWith(QUEUE)) {
      return reading(queues -> queue(queues, path.substring(QUEUE.length())));
    }
    return Page.notFound("/metrics, /queues/NAME or /healthz");
  }

  private Page reading(Function<List<QueueLine>, Page> make) {
    try {
      return make.apply(reader.read());
    } catch (FarmException e) {
      return Page.unavailable(e.getMessage());
    }
  }

  private static Page queue(List<QueueLine> queues, String name) {
    return queues.stream()
        .filter(line -> line.status().queue().equals(name))
        .findFirst()
        .map(line -> Page.json(line.json().toString()))
        .orElseGet(() -> Page.notFound("there is no such queue"));
  }
}

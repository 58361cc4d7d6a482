package farm.darkroom.infra.dashboard;

import static farm.darkroom.submitter.sheet.Html.escape;

import farm.darkroom.common.Counted;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.RenderTimings;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.json.Resources;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.infra.dashboard.FarmView.Stored;
import farm.darkroom.submitter.command.QueueLine;
import farm.darkroom.submitter.watch.WorkerHeartbeats;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Renders the dashboard's HTML. All text from outside is escaped, and nothing is loaded from other
 * hosts.
 */
final class DashboardPage {
  private static final String FIGURE =
      """
      <figure>
      <a href="%1$s"><img src="%1$s" alt="%2$s" loading="lazy"></a>
      <figcaption>%2$s<br><small>%3$s</small></figcaption>
      </figure>
      """;

  private static final String FRAME = Resources.text(DashboardPage.class, "page.html");

  private DashboardPage() {}

  /** The whole page around what is now. */
  static String whole(String now) {
    return FRAME.replace("NOW", now);
  }

  /** What changes: one section for each part. */
  static String now(FarmView farm) {
    return farm.store()
            .trouble()
            .map(why -> away(why + "; pictures and previews are as they were"))
            .orElseGet(() -> notice(""))
        + section("queues", "Queues", queues(farm.queues()))
        + section("workers", "Workers", workers(farm))
        + section("dead", "Jobs that died last", dead(farm.dead()))
        + section("pictures", "Latest pictures", pictures(farm.store().stored()));
  }

  /** What changes while the farm cannot be read: a notice; the other parts stay as they were. */
  static String away(String why) {
    return notice("<p class=\"wrong\">%s</p>".formatted(escape(why)));
  }

  private static String notice(String html) {
    return "<section id=\"notice\">" + html + "</section>\n";
  }

  private static String section(String id, String title, String body) {
    String html = body.isEmpty() ? "<p class=\"gone\">none</p>" : body;
    return "<section id=\"%s\"><h2>%s</h2>\n%s</section>\n".formatted(id, title, html);
  }

  private static String queues(List<QueueLine> queues) {
    String head = "queue|high|normal|low|in flight|oldest|dead letters|workers|";
    return table(head, queues, DashboardPage::queue);
  }

  private static String queue(QueueLine line) {
    WorkerHeartbeats heartbeats = line.heartbeats();
    return cells(
        escape(line.status().queue()),
        number(line.depth(Lane.HIGH)),
        number(line.depth(Lane.NORMAL)),
        number(line.depth(Lane.LOW)),
        number(line.inFlight()),
        line.oldest().map(at -> age(at, heartbeats.at())).orElse("-"),
        number(line.status().deadLetters()),
        number(line.workers()),
        wrong(line.wrong().or(() -> line.paused() ? Optional.of("paused") : Optional.empty())));
  }

  private static String wrong(Optional<String> why) {
    return why.map(words -> "<span class=\"wrong\">%s</span>".formatted(escape(words))).orElse("");
  }

  private static String workers(FarmView farm) {
    String head = "worker|queue|device|memory|does|step|||";
    return table(head, farm.heartbeats().beats(), beat -> worker(beat, farm));
  }

  private static String worker(Heartbeat beat, FarmView farm) {
    WorkerHeartbeats heartbeats = farm.heartbeats();
    boolean gone = heartbeats.isGone(beat);
    Optional<Heartbeat.Render> render = beat.render().filter(r -> !gone);
    return cells(
        escape(beat.worker()),
        escape(beat.queue().orElse("-")),
        escape(beat.device()),
        (beat.memoryBytes() >> 20) + " MiB",
        gone
            ? gone("gone, heard " + age(beat.at(), heartbeats.at()) + " ago")
            : escape(beat.state()),
        render.map(DashboardPage::step).orElse(""),
        render.map(r -> preview(r, farm)).orElse(""),
        render.map(r -> escape(r.jobId() + r.batch().map(b -> " of " + b).orElse(""))).orElse(""),
        wrong(beat.trouble()));
  }

  private static String step(Heartbeat.Render render) {
    return "<progress value=\"%d\" max=\"%d\"></progress> %d/%d, %.2f it/s, %s"
        .formatted(
            render.step(),
            Math.max(1, render.steps()),
            render.step(),
            render.steps(),
            render.iterationsPerSecond(),
            escape(render.residency()));
  }

  /** Step and size stand for the picture: the next one has another address. */
  private static String preview(Heartbeat.Render render, FarmView farm) {
    Long size = farm.store().previews().get(render.jobId());
    return size == null
        ? ""
        : "<img src=\"previews/%s.png?%d-%d\" alt=\"preview\">"
            .formatted(escape(render.jobId()), render.step(), size);
  }

  private static String dead(List<JobEvent> dead) {
    return table("job|batch|worker|at|reason", dead, DashboardPage::death);
  }

  private static String death(JobEvent event) {
    return cells(
        escape(event.jobId()),
        escape(event.batch().orElse("-")),
        escape(event.worker().orElse("-")),
        seconds(event.at()),
        escape(event.reason().orElse("-")));
  }

  private static String pictures(List<Stored> stored) {
    String figures = stored.stream().map(DashboardPage::figures).collect(Collectors.joining());
    return figures.isEmpty() ? "" : "<div class=\"pictures\">\n" + figures + "</div>\n";
  }

  /** Every picture of a job; a job that stored latents has none. */
  private static String figures(Stored stored) {
    List<StoredImage> images = stored.record().images();
    return IntStream.range(0, images.size())
        .filter(index -> images.get(index).key().equals(address(stored.record(), index)))
        .mapToObj(index -> figure(stored.record(), index, stored.at()))
        .collect(Collectors.joining());
  }

  /** The only addresses that pages link to, whatever a record contains. */
  private static String address(RenderRecord record, int index) {
    return StoreKeys.output(record.id().text(), index, "png");
  }

  private static String figure(RenderRecord record, int index, Instant at) {
    RenderJob job = record.job();
    RenderTimings took = record.timings();
    StoredImage image = record.images().get(index);
    String detail =
        "%s, seed %d, %s, %.1f s, %s"
            .formatted(
                job.model(),
                image.seed(),
                Counted.of(job.sampling().numInferenceSteps(), "step"),
                Duration.between(took.startedAt(), took.finishedAt()).toMillis() / 1000.0,
                seconds(at));
    // The hash stands for the picture: one that was rendered again has another address.
    String source = address(record, index) + "?" + image.sha256();
    return FIGURE.formatted(escape(source), escape(job.prompts().prompt()), escape(detail));
  }

  private static <T> String table(String head, List<T> rows, Function<T, String> row) {
    if (rows.isEmpty()) {
      return "";
    }
    String heads = "<tr><th>" + head.replace("|", "</th><th>") + "</th></tr>\n";
    return rows.stream()
        .map(row)
        .collect(Collectors.joining("", "<table>\n" + heads, "</table>\n"));
  }

  private static String cells(String... html) {
    return "<tr><td>" + String.join("</td><td>", html) + "</td></tr>\n";
  }

  private static String number(long count) {
    return Long.toString(count);
  }

  private static String gone(String words) {
    return "<span class=\"gone\">" + escape(words) + "</span>";
  }

  private static String age(Instant then, Instant now) {
    return Math.max(0, Duration.between(then, now).toSeconds()) + " s";
  }

  private static String seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}

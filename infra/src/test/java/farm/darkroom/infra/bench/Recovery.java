package farm.darkroom.infra.bench;

import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.store.InMemoryResultStore;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.farm.Farm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * From the death of a worker process that renders to the lease of its job by an idle worker beside
 * it: killed (SIGKILL), and hung (SIGSTOP), which shows only when the lease runs out.
 */
record Recovery(BenchFarm bench) {
  private static final Duration LEASE_TIME = Duration.ofSeconds(6);

  /** How a worker dies. */
  @FunctionalInterface
  private interface Death {
    void comesTo(BenchProcess worker) throws IOException, InterruptedException;
  }

  void measure(int deaths) throws IOException, InterruptedException {
    report("kill -9", deaths, BenchProcess::kill);
    report(
        "hang (SIGSTOP), lease time " + LEASE_TIME.toSeconds() + " s", deaths, BenchProcess::hang);
  }

  private void report(String how, int deaths, Death death)
      throws IOException, InterruptedException {
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < deaths; i++) {
      nanos.add(redelivery(death, "doomed-" + i));
    }
    Milliseconds took = Milliseconds.of(nanos, Long::longValue);
    BenchFarm.say(
        "redelivery after %s: median %.2f s, longest of %d %.2f s",
        how, took.median() / 1e3, deaths, took.percentile(100) / 1e3);
  }

  @SuppressWarnings("try") // it works by itself
  private long redelivery(Death death, String name) throws IOException, InterruptedException {
    Farm farm = bench.farm(LEASE_TIME);
    Map<String, Long> leased = new ConcurrentHashMap<>();
    bench.jobs().publish(farm, 1);
    try (ResultStore store = new InMemoryResultStore();
        EventLog events = farm.events();
        BenchProcess doomed = BenchProcess.rendersForEver(farm, name, bench.folder())) {
      BenchFarm.await("start", () -> startedBy(events, name));
      try (BenchWorker heir = heir(farm, store, leased)) {
        bench.jobs().publish(farm, 1);
        BenchFarm.await("first job of the heir", () -> leased.size() == 1);
        long died = System.nanoTime();
        death.comesTo(doomed);
        BenchFarm.await("redelivery", () -> leased.size() == 2);
        return leased.values().stream().mapToLong(at -> at - died).max().orElseThrow();
      }
    }
  }

  private static BenchWorker heir(Farm farm, ResultStore store, Map<String, Long> leased) {
    return new BenchWorker(
        "heir",
        farm,
        InstantRenderer.unwatched(),
        store,
        queue -> new WatchedQueue(queue, key -> leased.put(key, System.nanoTime()), key -> {}));
  }

  private static boolean startedBy(EventLog events, String worker) {
    return events.latest().values().stream()
        .anyMatch(e -> e.worker().filter(worker::equals).isPresent());
  }
}

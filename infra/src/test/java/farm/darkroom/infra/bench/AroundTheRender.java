package farm.darkroom.infra.bench;

import farm.darkroom.common.kafka.KafkaJobPublisher;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.farm.Farm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Milliseconds before and after a render that does nothing; one job at a time, one idle worker. */
record AroundTheRender(BenchFarm bench) {
  private static final int WARM_UP = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A job's way, and when its publishing began. */
  private record Round(long published, JobTimes passage) {
    long before() {
      return passage.begun() - published;
    }

    long after() {
      return passage.accepted() - passage.ended();
    }
  }

  @SuppressWarnings("try") // it works by itself
  void measure(int count) throws InterruptedException {
    Farm farm = bench.farm();
    Passages passages = new Passages();
    InstantRenderer renderer = new InstantRenderer(passages::begun, passages::ended);
    try (ResultStore store = farm.store();
        JobPublisher publisher = new KafkaJobPublisher(farm.kafka(), farm.queue());
        BenchWorker worker =
            new BenchWorker("w1", farm, renderer, store, q -> new WatchedQueue(q, passages))) {
      rounds(publisher, passages, WARM_UP);
      report(rounds(publisher, passages, count));
    }
  }

  private List<Round> rounds(JobPublisher publisher, Passages passages, int count)
      throws InterruptedException {
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Posting posting = bench.jobs().next();
      long published = System.nanoTime();
      publisher.publish(Lane.NORMAL, List.of(posting));
      JobTimes passage = passages.next(PATIENCE).orElseThrow();
      rounds.add(new Round(published, passage));
    }
    return rounds;
  }

  private static void report(List<Round> rounds) {
    BenchFarm.say(
        "%d jobs one at a time, embedded store, after %d to warm up", rounds.size(), WARM_UP);
    line(
        "queue wait: publish -> lease",
        Milliseconds.of(rounds, r -> r.passage().leased() - r.published()));
    line("publish -> render begins", Milliseconds.of(rounds, Round::before));
    line("render ends -> accepted", Milliseconds.of(rounds, Round::after));
    line("around the render", Milliseconds.of(rounds, r -> r.before() + r.after()));
  }

  private static void line(String what, Milliseconds took) {
    BenchFarm.say("%-30s median %7.1f ms   p99 %7.1f ms", what, took.median(), took.percentile(99));
  }
}

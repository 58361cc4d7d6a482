package farm.darkroom.infra.bench;

import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.submitter.farm.Farm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Jobs per second of several worker processes on one queue that is full when they come. */
record Crowd(BenchFarm bench) {
  /** Jobs of each worker that do not count. */
  private static final int WARM = 200;

  private static final Duration WAIT = Duration.ofMillis(50);

  void measure(int workers, int count) throws IOException {
    Farm farm = bench.farm();
    bench.jobs().publish(farm, count + WARM * workers);
    List<BenchProcess> processes = new ArrayList<>();
    try (EventLog events = farm.events();
        EventLog.Tail tail = events.follow()) {
      for (int i = 0; i < workers; i++) {
        processes.add(BenchProcess.instant(farm, "crowd-" + i, bench.folder()));
      }
      stored(tail, (long) WARM * workers);
      long begun = System.nanoTime();
      long done = stored(tail, count);
      double rate = done * 1e9 / (System.nanoTime() - begun);
      BenchFarm.say("%d worker processes, results in memory: %.0f jobs/s", workers, rate);
    } finally {
      processes.forEach(BenchProcess::close);
    }
  }

  private static long stored(EventLog.Tail tail, long wanted) {
    long stored = 0;
    while (stored < wanted) {
      stored += tail.poll(WAIT).stream().filter(e -> e.state() == JobState.STORED).count();
    }
    return stored;
  }
}

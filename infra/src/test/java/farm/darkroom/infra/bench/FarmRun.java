package farm.darkroom.infra.bench;

import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.infra.box.FarmBox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Jobs through a farm with one worker process. */
final class FarmRun implements AutoCloseable {
  private static final long LARGEST = 1 << 24;
  private static final Duration WAIT = Duration.ofMillis(50);
  private final ResultStore store;
  private final EventLog events;
  private final JobPublisher publisher;
  private final DarkroomProcess worker;

  FarmRun(FarmBox box, int threads, Path folder) throws IOException {
    store = box.farm().store();
    events = box.farm().events();
    publisher = box.farm().publisher();
    List<String> arguments =
        List.of("worker", "--name", "w1", "--dtype", "float32", "--threads", "" + threads);
    worker = new DarkroomProcess(box.variables(), folder.resolve("worker.log"), arguments);
  }

  /** From publishing to the event that says that the last one is stored. */
  double seconds(List<DrawnJobs.Drawn> jobs) {
    try (EventLog.Tail tail = events.follow()) {
      long begun = System.nanoTime();
      publisher.publish(Lane.NORMAL, jobs.stream().map(DrawnJobs.Drawn::posting).toList());
      for (long stored = 0; stored < jobs.size(); ) {
        stored += tail.poll(WAIT).stream().filter(e -> e.state() == JobState.STORED).count();
      }
      return (System.nanoTime() - begun) / 1e9;
    }
  }

  byte[] picture(DrawnJobs.Drawn job) {
    return store.get(StoreKeys.output(job.id(), 0, "png"), LARGEST).orElseThrow();
  }

  double secondsPerStep(DrawnJobs.Drawn job) {
    byte[] record = store.get(StoreKeys.record(job.id()), LARGEST).orElseThrow();
    return RenderRecord.fromJson(record).timings().secondsPerStep();
  }

  @Override
  public void close() {
    worker.close();
    publisher.close();
    events.close();
    store.close();
  }
}

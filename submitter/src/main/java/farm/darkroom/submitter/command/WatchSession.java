package farm.darkroom.submitter.command;

import farm.darkroom.common.kafka.KafkaQueueStatus;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.watch.JobCounts;
import farm.darkroom.submitter.watch.ProgressOutput;
import farm.darkroom.submitter.watch.Watch;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Collection;
import java.util.Optional;

/** Watching from a command, with its progress on the standard error. */
record WatchSession(Farm farm, ResultStore store, EventLog events) {

  /**
   * Waits until the jobs are over. When it is interrupted (ctrl-C) it says how to go on.
   *
   * @param batch what the jobs belong to, or the one job
   * @return the command's exit code: 1 when one of them died
   */
  int until(Collection<String> ids, Optional<String> batch, PrintWriter err) {
    Thread parting = new Thread(() -> part(batch, err), "watch-parting");
    Runtime.getRuntime().addShutdownHook(parting);
    try {
      return until(ids, err);
    } finally {
      removeHook(parting);
    }
  }

  /** Tells that the jobs go on although the watching ends. */
  private static void part(Optional<String> batch, PrintWriter err) {
    String name = batch.map(typed -> " " + typed).orElse("");
    err.printf(
        "%nthe jobs go on; 'darkroom watch%s' shows them again, 'darkroom cancel%s' stops them%n",
        name, batch.isPresent() ? name : " ID");
    err.flush();
  }

  private static void removeHook(Thread parting) {
    try {
      Runtime.getRuntime().removeShutdownHook(parting);
    } catch (IllegalStateException e) {
      // The JVM is ending, and the hook speaks.
    }
  }

  private int until(Collection<String> ids, PrintWriter err) {
    try (ProgressLog progress = farm.progress();
        KafkaQueueStatus queue = new KafkaQueueStatus(farm.kafka(), farm.queue())) {
      Watch watch =
          new Watch(
              store,
              events,
              farm.deadLetters(),
              progress,
              () -> queue.read().depth() == 0,
              Clock.systemUTC(),
              System::nanoTime);
      JobCounts counts = watch.until(ids, ProgressOutput.of(err));
      if (!Watch.hasSucceeded(counts)) {
        err.println(counts + "; 'darkroom status' says why");
      }
      return Watch.hasSucceeded(counts) ? 0 : 1;
    }
  }
}

package farm.darkroom.submitter.command;

import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.watch.ProgressOutput;
import farm.darkroom.submitter.watch.Tally;
import farm.darkroom.submitter.watch.Watch;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Collection;

/** Watching from a command, with its progress on the standard error. */
record Watching(Farm farm, ResultStore store, EventLog events) {

  /**
   * Waits until the jobs are over.
   *
   * @return the command's exit code: 1 when one of them died
   */
  int until(Collection<String> ids, PrintWriter err) {
    try (ProgressLog progress = farm.progress(Clock.systemUTC())) {
      Watch watch = new Watch(store, events, farm.deadLetters(), progress, Clock.systemUTC());
      Tally tally = watch.until(ids, ProgressOutput.of(err));
      if (!Watch.isGood(tally)) {
        err.println(tally + "; 'darkroom status' says why");
      }
      return Watch.isGood(tally) ? 0 : 1;
    }
  }
}

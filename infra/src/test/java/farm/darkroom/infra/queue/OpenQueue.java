package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The queue of one test, which is empty when the test begins. */
interface OpenQueue {
  Duration PATIENCE = Duration.ofSeconds(15);
  Duration LEASE_TIME = Duration.ofSeconds(4);
  int DELIVERY_LIMIT = 3;

  QueueUnderTest queue();

  /** Another worker's side of it, which the end of the test closes. */
  JobQueue join();

  /** Puts a job of each key on a lane, in order. */
  default void publish(Lane lane, String... keys) {
    List<Posting> postings = new ArrayList<>();
    for (String key : keys) {
      postings.add(new Posting(key, job(key)));
    }
    queue().publisher().publish(lane, postings);
  }

  /** What {@link #publish} puts there under a key. */
  static byte[] job(String key) {
    return ("job " + key).getBytes(StandardCharsets.UTF_8);
  }

  static Lease lease(JobQueue worker) {
    return worker.lease(PATIENCE).orElseThrow(() -> new AssertionError("no job came"));
  }

  /** Leases and accepts so many jobs, and returns their keys. */
  static List<String> drain(JobQueue worker, int count) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Lease lease = lease(worker);
      keys.add(lease.key());
      assertThat(lease.accept()).isTrue();
    }
    return keys;
  }
}

package farm.darkroom.worker.lease;

import farm.darkroom.common.queue.Lease;
import java.util.Optional;

/**
 * A record of the queue that this worker holds under a lease.
 *
 * @param kept renews the lease, and ends it
 * @param key the job's id, or what stands for it when the record is no job
 * @param batch the batch it was submitted in
 */
public record HeldJob(Lease lease, LeaseKeeper.Kept kept, String key, Optional<String> batch) {

  /** How often the record was handed out, this time included. */
  public int attempt() {
    return lease.deliveryCount();
  }
}

package farm.darkroom.infra.queue;

import farm.darkroom.common.queue.JobQueue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every JobQueue does, whatever stands behind it. */
abstract class JobQueueContract
    implements LeaseContract, LaneContract, CompanyContract, DeadLetterContract {
  private final List<JobQueue> joined = new ArrayList<>();
  private QueueUnderTest queue;

  abstract QueueUnderTest open();

  @BeforeEach
  void openQueue() {
    queue = open();
  }

  @AfterEach
  void closeQueue() {
    joined.forEach(JobQueue::close);
    queue.close();
  }

  @Override
  public final QueueUnderTest queue() {
    return queue;
  }

  @Override
  public final JobQueue join() {
    JobQueue worker = queue.join();
    joined.add(worker);
    return worker;
  }
}

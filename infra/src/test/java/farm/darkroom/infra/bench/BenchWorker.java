package farm.darkroom.infra.bench;

import farm.darkroom.common.kafka.KafkaJobPublisher;
import farm.darkroom.common.kafka.KafkaJobQueue;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.worker.Connections;
import farm.darkroom.worker.Worker;
import farm.darkroom.worker.WorkerSettings;
import farm.darkroom.worker.port.Renderer;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.UnaryOperator;

/** A worker in this JVM: darkroom's own loop, on a queue of a farm. */
final class BenchWorker implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Worker worker;
  private final Thread thread;

  /**
   * @param store closed by the caller
   * @param watched what is between the queue and the worker
   */
  BenchWorker(
      String name,
      Farm farm,
      Renderer renderer,
      ResultStore store,
      UnaryOperator<JobQueue> watched) {
    Clock clock = Clock.systemUTC();
    KafkaStopOrders orders = opened(new KafkaStopOrders(farm.kafka(), clock));
    EventLog events = opened(farm.events());
    ProgressLog progress = opened(farm.progress());
    JobPublisher publisher = opened(new KafkaJobPublisher(farm.kafka(), farm.queue()));
    JobQueue queue = watched.apply(opened(new KafkaJobQueue(farm.kafka(), farm.queue())));
    Connections connections = new Connections(queue, publisher, store, events, progress, orders);
    worker = new Worker(WorkerSettings.of(name, farm.queue(), "cpu"), connections, renderer, clock);
    thread = new Thread(this::work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void work() {
    worker.run().ifPresent(why -> BenchFarm.say("worker gave up: %s", why.getMessage()));
  }

  /** Waits until it ends by itself. */
  void join() throws InterruptedException {
    thread.join();
  }

  private <T extends AutoCloseable> T opened(T connection) {
    open.push(connection);
    return connection;
  }

  @Override
  public void close() {
    worker.stop();
    open.forEach(BenchWorker::close);
  }

  private static void close(AutoCloseable connection) {
    try {
      connection.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

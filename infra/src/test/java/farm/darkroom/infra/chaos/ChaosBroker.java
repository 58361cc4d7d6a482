package farm.darkroom.infra.chaos;

import farm.darkroom.infra.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The embedded broker in a process of its own, so that it can be killed.
 *
 * <pre>ChaosBroker FOLDER PORT</pre>
 */
final class ChaosBroker {
  private ChaosBroker() {}

  public static void main(String[] arguments) throws InterruptedException {
    EmbeddedKafka kafka =
        EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]), Map.of());
    Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "broker-stop"));
    System.out.println("up");
    new CountDownLatch(1).await();
  }
}

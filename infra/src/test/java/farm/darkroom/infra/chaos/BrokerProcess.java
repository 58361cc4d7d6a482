package farm.darkroom.infra.chaos;

import farm.darkroom.common.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A broker process, on one port and one folder for all its lives. */
final class BrokerProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(30);
  private final Path folder;
  private final int port = freePort();
  private Child process;
  private int lives;

  BrokerProcess(Path folder) {
    this.folder = folder;
  }

  String bootstrap() {
    return "127.0.0.1:" + port;
  }

  Child process() {
    return process;
  }

  /** Returns when it serves. */
  void start() {
    lives++;
    Path data = folder.resolve("kafka");
    process =
        Jvm.small(Map.of())
            .with("-Xmx256m")
            .start(
                "broker-" + lives,
                ChaosBroker.class,
                List.of(data.toString(), Integer.toString(port)),
                folder);
    Await.until("the broker is up: " + process.name(), START, this::isUp);
  }

  private boolean isUp() {
    if (!process.isAlive()) {
      throw new AssertionError("the broker ended: " + process.output());
    }
    return process.output().lines().anyMatch("up"::equals);
  }

  /** SIGTERM; returns when it has left. */
  void stop() throws InterruptedException {
    process.terminate();
    if (!process.endsWithin(STOP)) {
      throw new AssertionError("the broker does not stop: " + process.output());
    }
  }

  /** SIGKILL. */
  void kill() {
    process.kill();
  }

  @Override
  public void close() {
    process.close();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package farm.darkroom.infra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.infra.jvm.QuickJava;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.internals.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HaltReasonTest {
  @Test
  void theReasonIsTheLastLineThoughOtherThreadsGoOnLogging(@TempDir Path folder) throws Exception {
    Path gone = folder.resolve("kafka");
    List<String> command = QuickJava.command(List.of());
    command.addAll(List.of(TalkativeBroker.class.getName(), gone.toString()));
    Process halted = new ProcessBuilder(command).start();
    String said = halted.errorReader().lines().collect(Collectors.joining("\n"));
    assertThat(halted.waitFor()).isEqualTo(1);
    assertThat(said)
        .startsWith("still here")
        .endsWith(
            "darkroom: Kafka gives up %s, and this process ends with it: there is no such folder any more"
                .formatted(gone));
  }

  /** Halts while another of its threads goes on. */
  static final class TalkativeBroker {
    public static void main(String[] arguments) {
      Semaphore lines = new Semaphore(0);
      Thread other =
          new Thread(
              () -> {
                while (true) {
                  System.err.println("still here");
                  lines.release();
                }
              });
      other.setDaemon(true);
      HaltReason.announce(Path.of(arguments[0]));
      HaltReason.atLast(
          () -> {
            lines.drainPermits();
            lines.acquireUninterruptibly(100);
          });
      other.start();
      lines.acquireUninterruptibly(100);
      Exit.halt(1);
    }
  }
}

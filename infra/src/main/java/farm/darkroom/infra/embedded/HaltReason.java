package farm.darkroom.infra.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import farm.darkroom.common.DiskReason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.internals.Exit;

/**
 * Why a broker ends this JVM, as far as its folder shows it. A broker that cannot write to its
 * folder halts the JVM: no shutdown hook runs, and all it logs is stack traces, which {@code
 * logback.xml} switches off.
 */
final class HaltReason {
  /** More than a full disk has left in blocks that are begun. */
  private static final int BLOCK = 1 << 16;

  private static volatile Runnable lastDeed = () -> {};

  private HaltReason() {}

  /** What to do, the reason said, before a broker halts this JVM. */
  static void atLast(Runnable deed) {
    lastDeed = deed;
  }

  /**
   * Prints the reason to standard error when a broker halts this JVM.
   *
   * @param folder of the broker that was started last; the procedure is one for the whole JVM
   */
  static void announce(Path folder) {
    Exit.setHaltProcedure((status, unused) -> halt(status, folder));
  }

  /**
   * Several threads of a broker may give up at once: the first ends the JVM, and the reason is the
   * last that is said, whatever the others log meanwhile.
   */
  private static synchronized void halt(int status, Path folder) {
    PrintStream err = System.err;
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
    try {
      err.println("darkroom: " + of(folder));
      lastDeed.run();
    } finally {
      Runtime.getRuntime().halt(status);
    }
  }

  /** Finds the reason by trying what the broker could not do. */
  static String of(Path folder) {
    String what = "Kafka gives up " + folder + ", and this process ends with it: ";
    if (!Files.isDirectory(folder)) {
      return what + "there is no such folder any more";
    }
    try {
      Path file = Files.createTempFile(folder, "halt", null);
      try {
        Files.write(file, new byte[BLOCK]);
      } finally {
        Files.delete(file);
      }
      return what + "it could not be read or written for a moment";
    } catch (IOException e) {
      return what + DiskReason.of(e);
    }
  }
}

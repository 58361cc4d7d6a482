package farm.darkroom.infra;

import farm.darkroom.common.DiskReason;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Standard output that remembers write errors. {@link PrintStream} swallows them, and a command
 * whose ids went to a full disk would exit with code 0. Thread-safe.
 */
final class StandardOutput extends OutputStream {
  private static final int BUFFER = 8192;
  private static final Path ITSELF = Path.of("/proc/self/fd/1");

  private final OutputStream descriptor = new FileOutputStream(FileDescriptor.out);
  private volatile IOException failure;

  private StandardOutput() {}

  /** Takes the place of {@link System#out}. */
  static StandardOutput install() {
    StandardOutput output = new StandardOutput();
    System.setOut(new PrintStream(new BufferedOutputStream(output, BUFFER), true, encoding()));
    return output;
  }

  /** The first write error, unless it is a pipe whose reader has closed it. */
  Optional<String> writeError() {
    System.out.flush();
    return Optional.ofNullable(failure).filter(e -> !isPipe()).map(DiskReason::of);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      descriptor.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private static boolean isPipe() {
    try {
      return Files.readSymbolicLink(ITSELF).toString().matches("(pipe|socket):.*");
    } catch (IOException e) {
      // Closed by who started this, or no Linux: nobody waits for it.
      return true;
    }
  }

  /** As the JVM chose it. */
  private static Charset encoding() {
    return Stream.of("stdout.encoding", "sun.stdout.encoding", "native.encoding")
        .flatMap(name -> Stream.ofNullable(System.getProperty(name)))
        .filter(Charset::isSupported)
        .findFirst()
        .map(Charset::forName)
        .orElseGet(Charset::defaultCharset);
  }
}

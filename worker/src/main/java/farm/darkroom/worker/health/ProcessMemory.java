package farm.darkroom.worker.health;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory that this process uses. */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";
  private static final int KIB = 1024;

  private ProcessMemory() {}

  /** Resident bytes, libtorch's included; the Java heap alone where there is no /proc. */
  public static long residentBytes() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(RESIDENT))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
          .findFirst()
          .orElseGet(ProcessMemory::heap);
    } catch (IOException e) {
      return heap();
    }
  }

  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}

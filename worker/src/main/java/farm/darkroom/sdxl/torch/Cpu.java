package farm.darkroom.sdxl.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The instruction sets of a CPU.
 *
 * @param flags as Linux names them in {@code /proc/cpuinfo}, such as {@code avx512_bf16}; none
 *     where they are not known
 */
public record Cpu(Set<String> flags) {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  public Cpu {
    flags = Set.copyOf(flags);
  }

  /** The one of this machine. */
  public static Cpu here() {
    try {
      return of(Files.readAllLines(CPUINFO));
    } catch (IOException e) {
      return new Cpu(Set.of()); // another system than Linux
    }
  }

  /** From the lines of {@code /proc/cpuinfo}, by the first processor in it. */
  static Cpu of(List<String> cpuinfo) {
    return cpuinfo.stream()
        .filter(line -> line.startsWith("flags"))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip().split("\\s+"))
        .map(flags -> new Cpu(Set.copyOf(List.of(flags))))
        .orElse(new Cpu(Set.of()));
  }

  /** Where bfloat16 is computed by hardware, it is several times faster; elsewhere it is slower. */
  public Dtype fastest() {
    boolean bfloat16 = flags.contains("avx512_bf16") || flags.contains("amx_bf16");
    return bfloat16 ? Dtype.BFLOAT16 : Dtype.FLOAT32;
  }

  /**
   * Whether oneDNN multiplies faster by packed float32 weights than libtorch's own library does by
   * plain ones. With vectors of 256 bits and no wider ones, only products of few rows gain.
   */
  boolean gainsByPacking() {
    return flags.contains("avx512f") || !flags.contains("avx2");
  }

  /**
   * How far from 0 an int8 weight may be so that products with it are exact. Without VNNI, two
   * products of 8 bits are added in 16 bits, which hold 2 * 255 * 64 but not 2 * 255 * 127.
   */
  int int8Levels() {
    boolean vnni =
        flags.contains("avx512_vnni") || flags.contains("avx_vnni") || flags.contains("amx_int8");
    return vnni ? 127 : 63;
  }
}

package farm.darkroom.sdxl.torch;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.util.Optional;

/**
 * The allocator that libtorch's tensors come from on a CPU, where it is glibc's. Left alone it
 * keeps what is freed for later, in pieces that later tensors often do not fit: fast, but the
 * process holds about twice what is alive. Elsewhere nothing is changed. Thread-safe.
 */
public final class HostAllocator {
  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_TOP_PAD = -2;
  private static final int M_MMAP_THRESHOLD = -3;

  /** From this size on a piece has pages of its own, which go back when it is freed. */
  private static final int FRUGAL = 1 << 20;

  private static final int GENEROUS = 32 << 20;

  /** So much free memory is kept at the end of a heap; glibc's own 128 KB is less than a tensor. */
  private static final int KEPT = 1 << 30;

  private static final int KEPT_BY_GLIBC = 128 << 10;

  /** The size of a heap of glibc's: with so much room asked for, no empty one is given back. */
  private static final int HEAP = 64 << 20;

  private static final Optional<Glibc> GLIBC = glibc();

  /** As in {@code malloc.h}. */
  private interface Glibc extends Library {
    int mallopt(int parameter, int value);

    @SuppressWarnings("MethodName") // libc's own
    int malloc_trim(long pad);
  }

  private HostAllocator() {}

  private static Optional<Glibc> glibc() {
    if (!Platform.isLinux()) {
      return Optional.empty();
    }
    try {
      Glibc libc = Native.load("c", Glibc.class);
      libc.malloc_trim(0);
      return Optional.of(libc);
    } catch (UnsatisfiedLinkError e) {
      return Optional.empty(); // another C library, such as musl
    }
  }

  /**
   * Whether memory goes back to the machine as soon as a tensor is freed, at the cost of fetching
   * it anew for the next.
   */
  public static void frugal(boolean frugal) {
    GLIBC.ifPresent(
        libc -> {
          libc.mallopt(M_MMAP_THRESHOLD, frugal ? FRUGAL : GENEROUS);
          libc.mallopt(M_TRIM_THRESHOLD, frugal ? KEPT_BY_GLIBC : KEPT);
          libc.mallopt(M_TOP_PAD, frugal ? 0 : HEAP);
        });
  }

  /** Gives back what is free now, such as the weights of a model that was closed. */
  public static void trim() {
    GLIBC.ifPresent(libc -> libc.malloc_trim(0));
  }
}

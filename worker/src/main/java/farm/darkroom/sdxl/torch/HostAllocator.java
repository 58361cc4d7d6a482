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
  private static final int M_MMAP_MAX = -4;

  /** The size of a heap of glibc's: with so much room asked for, no empty one is given back. */
  private static final int HEAP = 64 << 20;

  /** glibc's own number of pieces that may have pages of their own. */
  private static final int MANY = 65_536;

  /** What is kept of freed memory, for the tensors that follow. */
  public enum Keeping {
    /** Nothing: a piece of 1 MB or more has pages of its own, which go back when it is freed. */
    NOTHING(1 << 20, MANY, 128 << 10, 0),
    /** Pieces of less than 32 MB, and 1 GB at the end of the heap. */
    SMALL(32 << 20, MANY, 1 << 30, HEAP),
    /** Everything, where all threads share one heap ({@code MALLOC_ARENA_MAX=1}). */
    ALL(32 << 20, 0, 1 << 30, HEAP);

    private final int ownPages;
    private final int owners;
    private final int end;
    private final int room;

    Keeping(int ownPages, int owners, int end, int room) {
      this.ownPages = ownPages;
      this.owners = owners;
      this.end = end;
      this.room = room;
    }
  }

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
    } catch (LinkageError e) {
      return Optional.empty(); // another C library, such as musl, or no room to unpack JNA's own
    }
  }

  /** What goes back to the machine must be fetched again, page by page, for the next tensor. */
  public static void keep(Keeping kept) {
    GLIBC.ifPresent(
        libc -> {
          libc.mallopt(M_MMAP_MAX, kept.owners);
          libc.mallopt(M_MMAP_THRESHOLD, kept.ownPages);
          libc.mallopt(M_TRIM_THRESHOLD, kept.end);
          libc.mallopt(M_TOP_PAD, kept.room);
        });
  }

  /** Gives back what is free now, such as the weights of a model that was closed. */
  public static void trim() {
    GLIBC.ifPresent(libc -> libc.malloc_trim(0));
  }
}

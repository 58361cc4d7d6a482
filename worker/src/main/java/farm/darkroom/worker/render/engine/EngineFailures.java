package farm.darkroom.worker.render.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.worker.port.RenderStopped;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Maps the engine's exceptions to the farm's kinds of failure. */
public final class EngineFailures {
  /** Words that tell of a lack of memory: libtorch's allocators', CUDA's, cuBLAS's, cuDNN's. */
  private static final List<String> SHORT =
      List.of(
          "out of memory",
          "can't allocate memory",
          "bad_alloc",
          "status_alloc_failed",
          "allocation_failed");

  private EngineFailures() {}

  /**
   * Runs a stage in which an SdxlException means {@code refusal}; a file of a job that this machine
   * cannot read means WORKER_UNFIT.
   *
   * @param what the stage is, for messages of what nobody expected
   * @throws FarmException in place of what the engine throws
   */
  public static <T> T during(FailureKind refusal, String what, Supplier<T> stage) {
    try {
      return stage.get();
    } catch (FarmException | RenderStopped e) {
      throw e;
    } catch (SdxlException e) {
      throw new FarmException(kind(refusal, e), e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw new FarmException(FailureKind.OUT_OF_MEMORY, what + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      FailureKind kind = isShort(e) ? FailureKind.OUT_OF_MEMORY : kind(e);
      throw new FarmException(kind, what + ": " + line(e), e);
    }
  }

  /**
   * As {@link #during}, for a stage without a result.
   *
   * @throws FarmException as {@link #during}
   */
  public static void run(FailureKind refusal, String what, Runnable stage) {
    during(
        refusal,
        what,
        () -> {
          stage.run();
          return true;
        });
  }

  private static FailureKind kind(FailureKind refusal, SdxlException e) {
    if (isShort(e)) {
      return FailureKind.OUT_OF_MEMORY;
    }
    boolean machines = refusal == FailureKind.INVALID_JOB && isUnreadable(e.getCause());
    return machines ? FailureKind.WORKER_UNFIT : refusal;
  }

  /** Whether the disk fails or too many files are open, rather than the content being wrong. */
  private static boolean isUnreadable(Throwable cause) {
    return cause instanceof IOException
        && !(cause instanceof JsonProcessingException)
        && !(cause instanceof CharacterCodingException);
  }

  /** A file that cannot be mapped because the address space is full is as sound as ever. */
  private static boolean isShort(Throwable e) {
    return e != null && (e instanceof OutOfMemoryError || isShort(e.getCause()));
  }

  /** libtorch's own words: its allocators and its CUDA runtime say what they ran into. */
  private static FailureKind kind(RuntimeException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (SHORT.stream().anyMatch(text::contains)) {
      return FailureKind.OUT_OF_MEMORY;
    }
    boolean device =
        Stream.of("cuda error", "cudnn error", "nvidia driver").anyMatch(text::contains);
    return device ? FailureKind.WORKER_UNFIT : FailureKind.RENDER_FAILED;
  }

  /** The last line that says something: libtorch puts the cause below the source lines. */
  private static String line(RuntimeException e) {
    String text = String.valueOf(e.getMessage());
    return text.lines()
        .map(String::strip)
        .filter(line -> line.contains("Error") || line.contains("error"))
        .reduce((first, second) -> second)
        .orElseGet(() -> text.lines().findFirst().orElse(e.toString()));
  }
}

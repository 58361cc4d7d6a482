package farm.darkroom.worker.render.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonParseException;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.torch.Kernels;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineFailuresTest {

  /** libtorch's own refusal: more than any machine has. */
  @Test
  void allocationThatLibtorchRefusesIsMemory() {
    try (Kernels kernels = Kernels.load(Device.cpu())) {
      FarmException e = failure(() -> kernels.manager().zeros(new Shape(1L << 40, 1L << 10)));
      assertThat(e.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
      assertThat(e.getMessage()).doesNotContain("\n");
    }
  }

  @Test
  void fullAddressSpaceIsMemoryWhoeverMeetsIt() {
    IOException map = new IOException("Map failed", new OutOfMemoryError("Map failed"));
    assertThat(failure(new SdxlException("x.safetensors: cannot be read: Map failed", map)).kind())
        .isEqualTo(FailureKind.OUT_OF_MEMORY);
    RuntimeException behind = new CompletionException(new OutOfMemoryError("Java heap space"));
    assertThat(failure(behind).kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
    FarmException thread = failure(new OutOfMemoryError("unable to create native thread"));
    assertThat(thread.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
    assertThat(thread).hasMessage("render: unable to create native thread");
  }

  @Test
  void fileThatThisMachineCannotReadIsNotTheJobsFault() {
    IOException disk = new FileSystemException("x.safetensors", null, "Too many open files");
    assertThat(failure(new SdxlException("x.safetensors: cannot be read", disk)).kind())
        .isEqualTo(FailureKind.WORKER_UNFIT);
    IOException content = new JsonParseException("Unexpected character");
    assertThat(failure(new SdxlException("x.safetensors: no JSON", content)).kind())
        .isEqualTo(FailureKind.INVALID_JOB);
  }

  /** What CUDA's libraries say where their own memory ends, each behind words of an error. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 3.00 GiB",
        "CUDA error: out of memory",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"
      })
  void librariesOfAGpuRunOutOfMemoryToo(String text) {
    assertThat(failure(new EngineException(text)).kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
  }

  @Test
  void otherExceptionsAreUnchanged() {
    assertThat(failure(new SdxlException("x.safetensors: cut off")).kind())
        .isEqualTo(FailureKind.INVALID_JOB);
    assertThat(failure(new EngineException("CUDA error: device lost")).kind())
        .isEqualTo(FailureKind.WORKER_UNFIT);
    assertThat(failure(new IllegalStateException("bug")).kind())
        .isEqualTo(FailureKind.RENDER_FAILED);
  }

  private static FarmException failure(RuntimeException e) {
    return failure(
        () -> {
          throw e;
        });
  }

  private static FarmException failure(Error e) {
    return failure(
        () -> {
          throw e;
        });
  }

  private static FarmException failure(Supplier<Object> stage) {
    return catchThrowableOfType(
        FarmException.class, () -> EngineFailures.during(FailureKind.INVALID_JOB, "render", stage));
  }
}

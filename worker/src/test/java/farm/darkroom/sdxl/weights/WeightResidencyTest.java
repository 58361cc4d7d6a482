package farm.darkroom.sdxl.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightResidencyTest {
  private static final Kernels KERNELS = Kernels.load(Device.cpu());
  private static final Checkpoint UNET =
      Checkpoint.open(
          "unet", List.of(Path.of("demo-model/base/unet/diffusion_pytorch_model.safetensors")));
  private static final WeightGroup FIRST = linear("time_embedding.linear_1", 48, 192);
  private static final WeightGroup SECOND = linear("time_embedding.linear_2", 192, 192);

  @AfterAll
  static void close() {
    KERNELS.close();
  }

  private static WeightGroup linear(String name, int in, int out) {
    int dot = name.lastIndexOf('.');
    return new WeightGroup(
        name,
        WeightGroup.of(name.substring(0, dot))
            .linear(name.substring(dot + 1), in, out)
            .build()
            .weights());
  }

  @ParameterizedTest
  @EnumSource(WeightResidency.class)
  void everyPassGivesTheSameBits(WeightResidency residency) {
    float[] expected;
    try (Weights weights = new ResidentWeights(loader())) {
      expected = pass(weights);
    }
    try (Weights weights = residency.weights(loader())) {
      for (int i = 0; i < 3; i++) {
        assertThat(pass(weights)).isEqualTo(expected);
      }
      weights.evict();
      assertThat(pass(weights)).isEqualTo(expected);
    }
  }

  @Test
  void failedPrefetchIsGivenUp() {
    AtomicInteger open = new AtomicInteger();
    ExecutorService behind = Executors.newSingleThreadExecutor();
    Weights weights =
        new SequentialWeights(group -> counted(loader().loading(group), open), behind);
    pass(weights);
    weights.evict();
    behind.shutdown();
    assertThatThrownBy(() -> weights.hold(FIRST)).isInstanceOf(RejectedExecutionException.class);
    assertThat(open).hasValue(0);
    weights.close();
  }

  private static WeightLoader.Loading counted(WeightLoader.Loading loading, AtomicInteger open) {
    open.incrementAndGet();
    return new WeightLoader.Loading(
        () -> {
          open.decrementAndGet();
          return loading.get();
        },
        open::decrementAndGet);
  }

  @Test
  void aMissingTensorIsReportedByTheHoldThatNeedsIt() {
    WeightGroup absent = linear("time_embedding.linear_3", 48, 192);
    try (Weights weights = WeightResidency.SEQUENTIAL.weights(loader())) {
      pass(weights);
      assertThatThrownBy(() -> weights.hold(absent))
          .isInstanceOf(SdxlException.class)
          .hasMessageContaining("time_embedding.linear_3.weight");
      pass(weights);
    }
  }

  private static WeightLoader loader() {
    return new WeightLoader(UNET, KERNELS, Dtype.FLOAT32);
  }

  private static String layer(WeightGroup group) {
    return group.weights().get(0).key().replace(".weight", "");
  }

  private static float[] pass(Weights weights) {
    try (NDManager scope = KERNELS.manager().newSubManager()) {
      NDArray x = scope.ones(new Shape(2, 48));
      for (WeightGroup group : List.of(FIRST, SECOND)) {
        try (Weights.Hold hold = weights.hold(group)) {
          x = KERNELS.tensor(scope, "linear", x, hold.dict(), layer(group));
        }
      }
      return x.toFloatArray();
    }
  }
}

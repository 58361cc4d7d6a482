package farm.darkroom.sdxl.unet;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.weights.WeightResidency;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A picture so large that the feed-forward of two takes its rows in parts, and that of one not. */
class UNetPartsTest {
  private static final GoldenTensors GOLDENS = GoldenTensors.open("steps.safetensors");
  private static final int SIDE = 96;

  @Test
  void feedForwardInPartsIsTheFeedForward() {
    try (DemoUNet unet = DemoUNet.open("base", Dtype.FLOAT32, WeightResidency.RESIDENT);
        NDManager scope = DemoUNet.KERNELS.manager().newSubManager()) {
      Engine.getEngine("PyTorch").setRandomSeed(7);
      float[] sample = scope.randomNormal(new Shape(2, 4, SIDE, SIDE)).toFloatArray();
      float[] both = step(unet, scope, sample, 0, 2);
      for (int i = 0; i < 2; i++) {
        float[] alone = step(unet, scope, sample, i, 1);
        float[] found = half(both, i);
        assertThat(farthest(found, alone)).isLessThan(1e-5 * farthest(alone, new float[1]));
      }
    }
  }

  /** A step on {@code count} of the two samples, with the texts that belong to them. */
  private static float[] step(DemoUNet unet, NDManager scope, float[] sample, int from, int count) {
    TextTime text =
        new TextTime(
            part(scope, "base.encoder_hidden_states", from, count),
            part(scope, "base.text_embeds", from, count),
            part(scope, "base.time_ids", from, count));
    try (UNetConditioning conditioning = unet.model().condition(text)) {
      int one = sample.length / 2;
      NDArray input =
          scope.create(
              Arrays.copyOfRange(sample, from * one, (from + count) * one),
              new Shape(count, 4, SIDE, SIDE));
      return unet.model().forward(scope, UNetInput.of(input, 500, conditioning)).toFloatArray();
    }
  }

  private static NDArray part(NDManager scope, String golden, int from, int count) {
    NDArray both = GOLDENS.tensor(golden, scope);
    long[] shape = both.getShape().getShape();
    int one = Math.toIntExact(both.size() / shape[0]);
    shape[0] = count;
    float[] values = both.toFloatArray();
    return scope.create(
        Arrays.copyOfRange(values, from * one, (from + count) * one), new Shape(shape));
  }

  private static float[] half(float[] both, int index) {
    int one = both.length / 2;
    return Arrays.copyOfRange(both, index * one, (index + 1) * one);
  }

  private static double farthest(float[] a, float[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i % b.length]));
    }
    return most;
  }
}

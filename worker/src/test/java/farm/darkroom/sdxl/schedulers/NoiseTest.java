package farm.darkroom.sdxl.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class NoiseTest {
  @TestFactory
  Stream<DynamicTest> equalsTorch() {
    return StreamSupport.stream(Goldens.json("noise/randn.json").spliterator(), false)
        .map(
            draw ->
                DynamicTest.dynamicTest(
                    draw.get("seed") + " " + draw.get("sizes"), () -> check(draw)));
  }

  private static void check(JsonNode draw) {
    TorchGenerator generator =
        new TorchGenerator(new BigInteger(draw.get("seed").asText()).longValue());
    for (int i = 0; i < draw.get("sizes").size(); i++) {
      float[] values = generator.randn(draw.get("sizes").get(i).asInt());
      JsonNode golden = draw.get("values").get(i);
      if (golden.has("all")) {
        close(values, golden.get("all"));
      } else {
        close(Arrays.copyOf(values, 18), golden.get("head"));
        close(Arrays.copyOfRange(values, values.length - 18, values.length), golden.get("tail"));
        assertThat(sum(values)).isCloseTo(golden.get("sum").asDouble(), within(1e-9));
      }
    }
  }

  private static void close(float[] values, JsonNode golden) {
    assertThat(values).hasSize(golden.size());
    for (int i = 0; i < values.length; i++) {
      float expected = (float) golden.get(i).asDouble();
      float off = values.length < 16 ? Math.ulp(expected) : 0;
      assertThat(values[i]).isCloseTo(expected, within(off));
    }
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  @Test
  void anImageOfABatchSeesTheNoiseThatItSeesAlone() {
    Noise batch = Noise.ofSeeds(-1, 0, 1);
    float[] latents = batch.draw(3, 4, 2, 3);
    float[] step = batch.draw(3, 4, 2, 3);
    for (int i = 0; i < 3; i++) {
      Noise alone = Noise.ofSeeds(-1L + i);
      assertThat(Arrays.copyOfRange(latents, 24 * i, 24 * (i + 1)))
          .isEqualTo(alone.draw(1, 4, 2, 3));
      assertThat(Arrays.copyOfRange(step, 24 * i, 24 * (i + 1))).isEqualTo(alone.draw(1, 4, 2, 3));
    }
  }

  @Test
  void aBatchOfAnotherSizeIsRefused() {
    assertThatThrownBy(() -> Noise.ofSeeds(7, 8).draw(3, 4, 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[3, 4, 2, 2]")
        .hasMessageContaining("2 generators");
  }
}

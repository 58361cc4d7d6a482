package farm.darkroom.sdxl.weights;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.sdxl.torch.Dtype;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutTest {

  @ParameterizedTest
  @CsvSource({
    "FLOAT32, 255, 256, false",
    "FLOAT32, 256, 256, true",
    "FLOAT32, 96, 896, true",
    "BFLOAT16, 96, 96, true"
  })
  void smallLinearWeightsArePackedInBfloat16Alone(Dtype dtype, long in, long out, boolean packed) {
    WeightSpec weight =
        new WeightSpec("to_q.weight", "to_q.weight", List.of(out, in), Layout.LINEAR);
    assertThat(weight.layout().gainsByPacking(weight, dtype)).isEqualTo(packed);
  }

  /** Nine sums of taps in float32; in bfloat16 four phases of four taps each. */
  @ParameterizedTest
  @CsvSource({"FLOAT32, 128, 81", "BFLOAT16, 128, 144", "FLOAT16, 128, 81"})
  void enlargedWeightsHaveTheirSums(Dtype dtype, long channels, long times) {
    WeightSpec weight =
        WeightGroup.of("up")
            .enlargedConvolution("conv", channels, channels)
            .build()
            .weights()
            .stream()
            .filter(spec -> spec.key().equals("conv.weight"))
            .findFirst()
            .orElseThrow();
    assertThat(weight.layout().elements(weight, dtype) * 9).isEqualTo(times * channels * channels);
  }

  @Test
  void enlargedPicturesOfFewChannelsAreConvolvedAsTheyAre() {
    assertThat(Layout.ofEnlarged(127, 512)).isEqualTo(Layout.CONVOLUTION);
    assertThat(Layout.ofEnlarged(128, 512)).isEqualTo(Layout.ENLARGED);
  }
}

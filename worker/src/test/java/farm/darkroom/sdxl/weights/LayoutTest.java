package farm.darkroom.sdxl.weights;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.sdxl.torch.Dtype;
import java.util.List;
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
}

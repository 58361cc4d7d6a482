package farm.darkroom.sdxl.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import farm.darkroom.sdxl.unet.PerturbedLayers;
import java.util.List;
import org.junit.jupiter.api.Test;

class PerturbedAttentionTest {

  private static PerturbedAttention attention(double scale, double adaptiveScale) {
    return new PerturbedAttention(scale, adaptiveScale, new PerturbedLayers(List.of()));
  }

  @Test
  void scaleFallsWithTheTimestepsAndNotBelowNothing() {
    assertThat(attention(3, 0).scaleAt(1)).isEqualTo(3);
    assertThat(attention(3, 0.01).scaleAt(1000)).isEqualTo(3);
    assertThat(attention(3, 0.01).scaleAt(800)).isCloseTo(1, within(1e-6));
    assertThat(attention(3, 0.01).scaleAt(1)).isZero();
  }
}

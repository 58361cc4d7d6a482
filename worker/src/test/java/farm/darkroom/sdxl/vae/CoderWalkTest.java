package farm.darkroom.sdxl.vae;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoderWalkTest {

  @Test
  void kernelThatNobodyCountsIsRefused() {
    WeightGroup group = WeightGroup.of("new").convolution3x3("conv", 4, 4).build();
    List<Block> blocks = List.of(new Block("vae_new", group, 1));
    assertThatThrownBy(() -> CoderWalk.count(blocks, new Size(8, 8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("vae_new");
  }
}

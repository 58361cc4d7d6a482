package farm.darkroom.sdxl.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LatentRgbTest {
  /**
   * By hand: no latents are the bias, (0.1084, -0.0175, -0.0011); (1, -2, 3, 0.5) gives red 0.1084
   * + 0.3651 + 0.5066 + 0.3228 - 0.1583 = 1.1447, green 0.6228 and blue 0.0014. A value v is the
   * sample (v + 1) * 127.5, held within 0 and 255.
   */
  @Test
  void colourIsALinearFunctionOfTheChannels() {
    float[] latents = {0, 1, Float.NaN, 0, -2, 0, 0, 3, 0, 0, 0.5f, 0};
    Raster raster = LatentRgb.raster(latents, new Size(1, 3));
    assertThat(raster.width()).isEqualTo(3);
    assertThat(raster.height()).isOne();
    assertThat(raster.samples())
        .containsExactly(141, 125, 127, (byte) 255, (byte) 207, (byte) 128, 0, 0, 0);
  }

  @Test
  void otherThanFourChannelsAreRefused() {
    assertThatThrownBy(() -> LatentRgb.raster(new float[16], new Size(1, 1)))
        .hasMessage("16 values for 4 channels of 1 x 1");
  }
}

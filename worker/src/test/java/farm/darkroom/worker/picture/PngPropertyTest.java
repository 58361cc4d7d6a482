package farm.darkroom.worker.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PngPropertyTest {
  @Property(tries = 60)
  void everyPictureReadsBackAsItWas(
      @ForAll @IntRange(min = 1, max = 70) int width,
      @ForAll @IntRange(min = 1, max = 70) int height,
      @ForAll long seed)
      throws IOException {
    Picture picture = Samplers.noise(width, height, seed);
    assertThat(Samplers.readByJdk(Png.encode(picture, Map.of())).rgb()).isEqualTo(picture.rgb());
  }
}

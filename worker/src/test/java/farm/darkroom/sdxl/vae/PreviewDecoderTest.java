package farm.darkroom.sdxl.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.ResidentWeights;
import farm.darkroom.sdxl.weights.WeightLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreviewDecoderTest {
  private static final Kernels KERNELS = Kernels.load(Device.cpu());
  private static final Component TINY = Component.open("vae", VaeGoldens.FOLDER.resolve("tiny"));

  @TempDir private static Path folder;
  private static Component bright;

  @BeforeAll
  static void write() throws IOException {
    bright = Component.open("vae", BrightTiny.write(folder.resolve("bright")));
  }

  @AfterAll
  static void close() {
    KERNELS.close();
  }

  /** Each latent of the small picture stands four times in the large one. */
  @Test
  void largeLatentsAreAveragedToAPictureOf512Pixels() {
    float[] small = new float[4 * 48 * 64];
    Random random = new Random(1);
    for (int i = 0; i < small.length; i++) {
      small[i] = random.nextFloat() * 2 - 1;
    }
    try (NDManager scope = KERNELS.manager().newSubManager();
        PreviewDecoder decoder = PreviewDecoder.open(bright, KERNELS, Dtype.FLOAT32)) {
      NDArray latents = scope.create(twice(small, 48, 64), new Shape(1, 4, 96, 128));
      Raster raster = decoder.decode(latents);
      assertThat(raster.width()).isEqualTo(512);
      assertThat(raster.height()).isEqualTo(384);
      assertThat(raster.samples()[0]).isNotEqualTo(raster.samples()[raster.samples().length / 2]);
      assertThat(raster.samples()).isEqualTo(whole(scope.create(small, new Shape(1, 4, 48, 64))));
    }
  }

  private static float[] twice(float[] small, int height, int width) {
    float[] large = new float[4 * small.length];
    for (int i = 0; i < large.length; i++) {
      int column = i % (2 * width);
      int row = i / (2 * width) % (2 * height);
      int channel = i / (4 * width * height);
      large[i] = small[(channel * height + row / 2) * width + column / 2];
    }
    return large;
  }

  private static byte[] whole(NDArray latents) {
    try (ResidentWeights weights =
        new ResidentWeights(new WeightLoader(bright.checkpoint(), KERNELS, Dtype.FLOAT32))) {
      return Autoencoder.of(bright, KERNELS, weights).decodeRgb8(latents).get(0).samples();
    }
  }

  @Test
  void narrowLatentsKeepARow() {
    try (NDManager scope = KERNELS.manager().newSubManager();
        PreviewDecoder decoder = PreviewDecoder.open(bright, KERNELS, Dtype.FLOAT32)) {
      Raster raster = decoder.decode(scope.zeros(new Shape(1, 4, 1, 200)));
      assertThat(raster.width()).isEqualTo(512);
      assertThat(raster.height()).isEqualTo(8);
    }
  }

  /**
   * TAESD has 64 channels; three such tensors are alive at 512 x 512, beside 5 MB of weights, plain
   * and packed.
   */
  @Test
  void memoryIsThatOfTheLargestPicture() {
    ObjectNode config = TINY.config().deepCopy();
    config.retain("_class_name");
    Component taesd = new Component("vae", TINY.configFile(), config, TINY.checkpoint());
    long tensor = 64L * 512 * 512 * Float.BYTES;
    assertThat(PreviewDecoder.bytes(taesd, Dtype.FLOAT32))
        .isBetween(3 * tensor + 10_000_000, 3 * tensor + 15_000_000);
  }

  @Test
  void otherAutoencodersAreRefused() {
    Component demo = Component.open("vae", Path.of("demo-model/base/vae"));
    assertThatThrownBy(() -> PreviewDecoder.check(demo))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("config.json: _class_name is \"AutoencoderKL\"")
        .hasMessageEndingWith("supported: AutoencoderTiny");
  }

  @ParameterizedTest
  @CsvSource({"latent_channels, 16", "out_channels, 4"})
  void otherChannelsAreRefused(String key, int channels) {
    ObjectNode config = TINY.config().deepCopy();
    config.put(key, channels);
    Component other = new Component("vae", TINY.configFile(), config, TINY.checkpoint());
    assertThatThrownBy(() -> PreviewDecoder.check(other))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining(key + " is " + channels);
  }

  @Test
  void tinyOneIsFine() {
    PreviewDecoder.check(TINY);
  }
}

package farm.darkroom.sdxl.vae;

import static farm.darkroom.sdxl.vae.ImageProcessorGoldens.box;
import static farm.darkroom.sdxl.vae.ImageProcessorGoldens.digest;
import static farm.darkroom.sdxl.vae.ImageProcessorGoldens.said;
import static farm.darkroom.sdxl.vae.ImageProcessorGoldens.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.torch.Kernels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything here is exact: the bytes are those of Pillow and diffusers. */
class VaeImageProcessorTest {
  private static final Kernels KERNELS = Kernels.load(Device.cpu());
  private static final Size WORK = new Size(64, 48);
  private static final VaeImageProcessor PROCESSOR = new VaeImageProcessor(KERNELS, 8);

  @AfterAll
  static void close() {
    KERNELS.close();
  }

  static Stream<JsonNode> resized() {
    return ImageProcessorGoldens.cases("resized");
  }

  @ParameterizedTest
  @MethodSource("resized")
  void resizesAsPillowDoes(JsonNode golden) {
    ResizeMode mode = ResizeMode.valueOf(golden.get("mode").asText().toUpperCase(Locale.ROOT));
    Raster found = mode.resize(source(golden.get("source")), size(golden));
    assertThat(said(found)).isEqualTo(said(golden));
  }

  static Stream<JsonNode> converted() {
    return ImageProcessorGoldens.cases("converted");
  }

  @ParameterizedTest
  @MethodSource("converted")
  void convertsModesAsPillowDoes(JsonNode golden) {
    Raster source = source(golden.get("source"));
    Raster found = golden.get("to").asText().equals("rgb") ? source.rgb() : source.gray();
    assertThat(said(found)).isEqualTo(said(golden));
  }

  static Stream<JsonNode> regions() {
    return ImageProcessorGoldens.cases("regions");
  }

  @ParameterizedTest
  @MethodSource("regions")
  void cropsTheRegionOfTheMask(JsonNode golden) {
    Box found =
        VaeImageProcessor.cropRegion(
            source(golden.get("mask")), size(golden), golden.get("padding").asInt());
    assertThat(Optional.of(found)).isEqualTo(box(golden.get("box")));
  }

  static Stream<JsonNode> overlaid() {
    return ImageProcessorGoldens.cases("overlaid");
  }

  @ParameterizedTest
  @MethodSource("overlaid")
  void laysThePaintedPartOverTheOriginal(JsonNode golden) {
    Optional<Box> crop = box(golden.get("crop"));
    Raster painted = turned(source(TextNode.valueOf("rgb")));
    Raster scaled =
        crop.isPresent()
            ? Resampling.resize(painted, new Size(64, 64), ResampleFilter.LANCZOS)
            : painted;
    Raster found =
        VaeImageProcessor.applyOverlay(
            source(golden.get("mask")), source(golden.get("original")), scaled, crop);
    assertThat(said(found)).isEqualTo(said(golden));
  }

  static Stream<JsonNode> tensors() {
    return ImageProcessorGoldens.cases("tensors");
  }

  @ParameterizedTest
  @MethodSource("tensors")
  void makesTheTensorsOfDiffusers(JsonNode golden) {
    Resizing framing =
        box(golden.get("crop"))
            .map(box -> Resizing.cropped(WORK, box))
            .orElse(Resizing.stretched(WORK));
    try (NDManager scope = KERNELS.manager().newSubManager()) {
      NDArray found = tensor(scope, golden, framing);
      assertThat(found.getShape().getShape())
          .containsExactly(1, golden.get("shape").get(1).asLong(), 64, 48);
      assertThat(digest(bytes(found))).isEqualTo(golden.get("sha256").asText());
    }
  }

  @Test
  void impossibleArgumentsAreRefused() {
    Raster black = Raster.blank(new Size(47, 61), 1);
    assertThatThrownBy(() -> VaeImageProcessor.cropRegion(black, new Size(64, 64), 4))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("all black");
    Raster other = Raster.blank(new Size(47, 60), 3);
    assertThatThrownBy(() -> VaeImageProcessor.applyOverlay(black, other, other, Optional.empty()))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("the mask is 61 x 47, the picture 60 x 47");
    assertThatThrownBy(() -> new Raster(new Size(2, 2), 3, new byte[11]))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("2 x 2 x 3");
    try (NDManager scope = KERNELS.manager().newSubManager()) {
      assertThatThrownBy(
              () -> PROCESSOR.preprocess(scope, other, Resizing.stretched(new Size(47, 64))))
          .isInstanceOf(SdxlException.class)
          .hasMessageContaining("64 x 47");
    }
  }

  private static Size size(JsonNode golden) {
    return new Size(golden.get("height").asInt(), golden.get("width").asInt());
  }

  private static NDArray tensor(NDManager scope, JsonNode golden, Resizing framing) {
    Raster source = source(golden.get("source"));
    return switch (golden.get("kind").asText()) {
      case "picture" -> PROCESSOR.preprocess(scope, source, framing);
      case "mask" -> PROCESSOR.preprocessMask(scope, source, framing);
      default -> PROCESSOR.preprocessControl(scope, source, framing);
    };
  }

  private static byte[] bytes(NDArray tensor) {
    float[] values = tensor.toFloatArray();
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static Raster turned(Raster raster) {
    byte[] samples = new byte[raster.samples().length];
    for (int i = 0; i < samples.length; i++) {
      int pixel = samples.length / 3 - 1 - i / 3;
      samples[i] = raster.samples()[3 * pixel + i % 3];
    }
    return new Raster(raster.size(), 3, samples);
  }
}

package farm.darkroom.sdxl.unet;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.ConfigReader;
import farm.darkroom.sdxl.snapshot.JsonFile;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.WeightLoader;
import farm.darkroom.sdxl.weights.WeightResidency;
import farm.darkroom.sdxl.weights.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A step of the demo base under a ControlNet that shares the base's weights. */
class ControlNetModelTest {
  private static final GoldenTensors TEXT = GoldenTensors.open("steps.safetensors");
  private static final GoldenTensors GOLDENS = GoldenTensors.open("control.safetensors");
  private static final Kernels KERNELS = DemoUNet.KERNELS;
  private static final Path FOLDER = GoldenTensors.FOLDER.resolve("controlnet");
  private static final double TIMESTEP = 301;
  private static final ControlScale ALL = ControlScale.ofResiduals(1, 1);

  private final NDManager scope = KERNELS.manager().newSubManager();
  private final DemoUNet unet = DemoUNet.open("base", Dtype.FLOAT32, WeightResidency.RESIDENT);
  private final Weights weights =
      WeightResidency.SEQUENTIAL.weights(new WeightLoader(checkpoint(), KERNELS, Dtype.FLOAT32));
  private final NDArray sample = GOLDENS.tensor("sample", scope);

  @AfterEach
  void close() {
    weights.close();
    unet.close();
    scope.close();
  }

  /** The half that is the UNet's own is read from the UNet's file. */
  private static Checkpoint checkpoint() {
    Path own = FOLDER.resolve("extra.safetensors");
    Path shared = Path.of("demo-model/base/unet/diffusion_pytorch_model.safetensors");
    return Checkpoint.open("controlnet", List.of(own, shared));
  }

  @Test
  void residualsAndAControlledStepEqualDiffusers() {
    ControlResiduals residuals = residuals(net("{}"), "image.0", 0.8);
    for (int i = 0; i < residuals.down().size(); i++) {
      GOLDENS.assertClose("down." + i, residuals.down().get(i), 1e-5);
    }
    GOLDENS.assertClose("middle", residuals.middle(), 1e-5);
    check("plain", residuals);
  }

  @Test
  void severalNetsAreSummed() {
    ControlResiduals first = residuals(net("{}"), "image.0", 0.8);
    ControlResiduals second = residuals(net("{}"), "image.1", 0.3);
    check("two", first.plus(second, KERNELS, scope));
  }

  @Test
  void guessModeLeavesTheUnconditionalHalfAlone() {
    ControlNetModel net = net("{}");
    TextTime half =
        new TextTime(
            second(TEXT.tensor("base.encoder_hidden_states", scope)),
            second(TEXT.tensor("base.text_embeds", scope)),
            second(TEXT.tensor("base.time_ids", scope)));
    try (ControlNetConditioning text = net.condition(half, seen(net, "image.0"), List.of())) {
      ControlResiduals residuals = net.forward(scope, second(sample), TIMESTEP, text, ALL, true);
      check("guess", residuals.afterZeros(KERNELS, scope));
    }
  }

  @Test
  void pooledResidualsIgnoreGuessMode() {
    ControlNetModel net = net("{'global_pool_conditions': true}");
    try (ControlNetConditioning text = condition(net, "image.0")) {
      check("pooled", net.forward(scope, sample, TIMESTEP, text, ALL, true));
    }
  }

  @Test
  void aNetThatWantsBlueFirstGetsIt() {
    ControlNetModel net = net("{'controlnet_conditioning_channel_order': 'bgr'}");
    check("bgr", residuals(net, "image.0", 1));
  }

  @Test
  void attentionWithoutLayersIsItsProjections() {
    ControlNetModel net = net("{'transformer_layers_per_block': [1, 0, 2]}");
    check("shallow", residuals(net, "image.0", 1));
  }

  @Test
  void refusesImagesAndNetsThatDoNotFit() {
    NDArray image = scope.zeros(new Shape(1, 3, 40, 44));
    assertThatThrownBy(() -> net("{}").see(scope, image))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("(1, 3, 40, 44)")
        .hasMessageContaining("[1 or n, 3, height, width], both multiples of 8");
    assertThatThrownBy(() -> net("{'mid_block_type': null}"))
        .hasMessageContaining("mid_block_type is null");
    ControlResiduals one = new ControlResiduals(List.of(sample), sample);
    assertThatThrownBy(() -> step(one))
        .hasMessage("a ControlNet gives 1 residuals, the unet has 9 skip connections");
  }

  private ControlNetModel net(String overrides) {
    Path file = FOLDER.resolve("config.json");
    ObjectNode config = JsonFile.object(file);
    config.setAll(overrides(overrides));
    ControlNetConfig read = ControlNetConfig.of(new ConfigReader(file, config));
    return new ControlNetModel(read, KERNELS, weights);
  }

  private static ObjectNode overrides(String json) {
    try {
      return (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private ControlResiduals residuals(ControlNetModel net, String image, double scale) {
    try (ControlNetConditioning text = condition(net, image)) {
      ControlScale all = ControlScale.ofResiduals(1, scale);
      return net.forward(scope, sample, TIMESTEP, text, all, false);
    }
  }

  private ControlNetConditioning condition(ControlNetModel net, String image) {
    return net.condition(text(), seen(net, image), List.of());
  }

  private List<NDArray> seen(ControlNetModel net, String image) {
    return List.of(net.see(scope, GOLDENS.tensor(image, scope)));
  }

  private TextTime text() {
    return new TextTime(
        TEXT.tensor("base.encoder_hidden_states", scope),
        TEXT.tensor("base.text_embeds", scope),
        TEXT.tensor("base.time_ids", scope));
  }

  private NDArray second(NDArray batch) {
    NDList halves = batch.split(2);
    return halves.get(1);
  }

  private void check(String golden, ControlResiduals residuals) {
    GOLDENS.assertClose(golden, step(residuals), 1e-5);
  }

  private NDArray step(ControlResiduals residuals) {
    try (UNetConditioning text = unet.condition(TEXT, "base")) {
      UNetInput input =
          new UNetInput(
              sample,
              TIMESTEP,
              text,
              Optional.empty(),
              Optional.of(residuals),
              List.of(),
              Optional.empty());
      return unet.model().forward(scope, input);
    }
  }
}

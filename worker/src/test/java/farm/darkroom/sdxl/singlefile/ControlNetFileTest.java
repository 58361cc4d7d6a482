package farm.darkroom.sdxl.singlefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.sdxl.pipeline.SnapshotCheck;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.JsonFile;
import farm.darkroom.sdxl.unet.ControlNetConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with the published ControlNet's names and shapes, and no content: they are all holes. */
class ControlNetFileTest {
  private static final Path PUBLISHED =
      Path.of("src/test/resources/goldens/unet/topology/controlnet.json");

  @TempDir private Path folder;
  private Path file;
  private List<HoleFile.Line> lines;

  @BeforeEach
  void read() throws IOException {
    file = folder.resolve("net.safetensors");
    lines = HoleFile.golden("controlnet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"diffusers", "ldm", "bare"})
  void everyTensorHasTheNameThatDiffusersGivesIt(String names) throws IOException {
    Component net = ControlNetFile.open(HoleFile.write(file, shapes(names)));
    assertThat(ControlNetFile.isOne(file)).isTrue();
    assertThat(net.checkpoint().tensors().keySet())
        .containsExactlyInAnyOrderElementsOf(lines.stream().map(HoleFile.Line::made).toList());
    Component published =
        new Component("controlnet", PUBLISHED, JsonFile.object(PUBLISHED), net.checkpoint());
    assertThat(ControlNetConfig.of(net)).isEqualTo(ControlNetConfig.of(published));
    assertThat(SnapshotCheck.componentProblems(file)).isEmpty();
  }

  private Map<String, List<Long>> shapes(String names) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (HoleFile.Line line : lines) {
      String stored = line.stored();
      String bare = stored.substring("control_model.".length());
      String name = names.equals("ldm") ? stored : names.equals("bare") ? bare : line.made();
      shapes.put(name, line.shape());
    }
    return shapes;
  }

  /** Those published as mid and small leave layers of attention away, or the whole of it. */
  @ParameterizedTest
  @ValueSource(strings = {"transformer_blocks", "attentions"})
  void smallerNetsHaveLessAttention(String left) throws IOException {
    Map<String, List<Long>> shapes = shapes("diffusers");
    shapes.keySet().removeIf(name -> name.contains("." + left + "."));
    shapes
        .keySet()
        .removeIf(name -> left.equals("attentions") && name.startsWith("mid_block.resnets.1."));
    Component net = ControlNetFile.open(HoleFile.write(file, shapes));
    ControlNetConfig config = ControlNetConfig.of(net);
    assertThat(config.encoder().crossAttentionDim()).isEqualTo(2048);
    assertThat(config.encoder().useLinearProjection()).isTrue();
    assertThat(config.encoder().down().get(2).transformerLayers())
        .isEqualTo(left.equals("attentions") ? List.of() : List.of(0, 0));
    assertThat(SnapshotCheck.componentProblems(file)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"diffusers", "ldm"})
  void whatIsNoPartOfItIsNamed(String names) throws IOException {
    Map<String, List<Long>> shapes = shapes(names);
    shapes.put("task_embedding", List.of(6L, 320L));
    shapes.remove(
        names.equals("ldm")
            ? "control_model.zero_convs.3.0.bias"
            : "controlnet_down_blocks.3.bias");
    HoleFile.write(file, shapes);
    assertThat(SnapshotCheck.componentProblems(file))
        .containsExactlyInAnyOrder(
            file + ": controlnet task_embedding is not part of this model",
            file + ": controlnet controlnet_down_blocks.3.bias [320] is missing");
  }

  @Test
  void otherFilesAreRefusedByName() throws IOException {
    HoleFile.write(file, Map.of("lora_unet_x.alpha", List.of(1L)));
    assertThat(ControlNetFile.isOne(file)).isFalse();
    assertThatThrownBy(() -> ControlNetFile.open(file))
        .hasMessageStartingWith(file + ": no ControlNet: neither controlnet_cond_embedding.");
    Map<String, List<Long>> old = shapes("ldm");
    old.keySet().removeIf(name -> name.contains(".label_emb."));
    assertThatThrownBy(() -> ControlNetFile.open(HoleFile.write(file, old)))
        .hasMessage(file + ": no ControlNet for SDXL: no add_embedding.linear_1.weight");
    Map<String, List<Long>> low = shapes("bare");
    low.keySet().removeIf(name -> name.endsWith(".out_layers.3.weight"));
    low.put("lora_controlnet", List.of(1L));
    assertThatThrownBy(() -> ControlNetFile.open(HoleFile.write(file, low)))
        .hasMessageStartingWith(file + ": a Control-LoRA, which is not read");
  }
}

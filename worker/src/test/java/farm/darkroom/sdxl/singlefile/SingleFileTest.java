package farm.darkroom.sdxl.singlefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.pipeline.SnapshotCheck;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.JsonFile;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.text.CLIPTextConfig;
import farm.darkroom.sdxl.unet.UNet2DConditionModel;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with the published models' names and shapes, and no content: they are all holes. */
class SingleFileTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens");
  private static final Path TOPOLOGY = GOLDENS.resolve("unet/topology");
  private static final TokenizerFolders NONE =
      (name, words) -> {
        throw new SdxlException("no " + name + " of " + words);
      };

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"base", "refiner"})
  void everyTensorHasTheNameThatDiffusersGivesIt(String model) throws IOException {
    List<HoleFile.Line> lines = HoleFile.golden(model);
    SingleFile file = SingleFile.open(HoleFile.of(lines, file()), NONE);
    Map<String, List<String>> expected = new TreeMap<>();
    lines.stream()
        .filter(line -> !line.made().equals("-"))
        .forEach(
            line ->
                expected
                    .computeIfAbsent(line.component(), key -> new ArrayList<>())
                    .add(line.made()));
    assertThat(expected).hasSize(model.equals("base") ? 4 : 3);
    expected.forEach(
        (component, names) ->
            assertThat(file.component(component).checkpoint().tensors().keySet())
                .as(component)
                .containsExactlyInAnyOrderElementsOf(names));
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "refiner"})
  void nothingIsWrongButTheTokenizersThatAreNotThere(String model) throws IOException {
    Path file = HoleFile.of(HoleFile.golden(model), file());
    List<String> problems = SnapshotCheck.problems(() -> SingleFile.open(file, NONE));
    assertThat(problems)
        .containsExactlyElementsOf(
            model.equals("base")
                ? List.of("no tokenizer of 49408", "no tokenizer_2 of 49408")
                : List.of("no tokenizer_2 of 49408"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "refiner", "inpainting"})
  void unetIsThePublishedOne(String model) throws IOException {
    List<HoleFile.Line> lines = HoleFile.golden(model.equals("refiner") ? "refiner" : "base");
    if (model.equals("inpainting")) {
      lines =
          lines.stream()
              .map(
                  line ->
                      line.made().equals("conv_in.weight")
                          ? new HoleFile.Line(
                              "unet", line.stored(), List.of(320L, 9L, 3L, 3L), line.made())
                          : line)
              .toList();
    }
    SingleFile file = SingleFile.open(HoleFile.of(lines, file()), NONE);
    assertThat(UNetConfig.of(file.component("unet")))
        .isEqualTo(UNetConfig.read(TOPOLOGY.resolve(model + ".json")));
    String pipeline = file.index().path("_class_name").asText();
    assertThat(pipeline)
        .isEqualTo(
            switch (model) {
              case "base" -> "StableDiffusionXLPipeline";
              case "refiner" -> "StableDiffusionXLImg2ImgPipeline";
              default -> "StableDiffusionXLInpaintPipeline";
            });
    assertThat(file.flag("requires_aesthetics_score", false)).isEqualTo(model.equals("refiner"));
  }

  @Test
  void modelThatEditsIsKnownByItsChannels() throws IOException {
    List<HoleFile.Line> lines =
        HoleFile.golden("base").stream()
            .map(
                line ->
                    line.made().equals("conv_in.weight")
                        ? new HoleFile.Line(
                            "unet", line.stored(), List.of(320L, 8L, 3L, 3L), line.made())
                        : line)
            .toList();
    SingleFile file = SingleFile.open(HoleFile.of(lines, file()), NONE);
    assertThat(UNetConfig.of(file.component("unet")).isEditing()).isTrue();
    assertThat(file.index().path("_class_name").asText())
        .isEqualTo("StableDiffusionXLInstructPix2PixPipeline");
  }

  @Test
  void textEncodersAreThePublishedOnes() throws IOException {
    SingleFile file = SingleFile.open(HoleFile.of(HoleFile.golden("base"), file()), NONE);
    CLIPTextConfig small = text(file, "text_encoder");
    CLIPTextConfig large = text(file, "text_encoder_2");
    assertThat(small.hiddenSize()).isEqualTo(768);
    assertThat(small.numAttentionHeads()).isEqualTo(12);
    assertThat(small.numHiddenLayers()).isEqualTo(12);
    assertThat(small.hiddenAct()).isEqualTo("quick_gelu");
    assertThat(large.hiddenSize()).isEqualTo(1280);
    assertThat(large.numAttentionHeads()).isEqualTo(20);
    assertThat(large.numHiddenLayers()).isEqualTo(32);
    assertThat(large.intermediateSize()).isEqualTo(5120);
    assertThat(large.projectionDim()).isEqualTo(1280);
    assertThat(large.hiddenAct()).isEqualTo("gelu");
  }

  @Test
  void vaeIsThePublishedOne() throws IOException {
    JsonNode found =
        SingleFile.open(HoleFile.of(HoleFile.golden("base"), file()), NONE)
            .component("vae")
            .config();
    JsonNode published = JsonFile.object(GOLDENS.resolve("vae/sdxl.json")).path("config");
    published
        .properties()
        .forEach(
            entry -> {
              if (!List.of("norm_num_groups", "act_fn").contains(entry.getKey())) {
                assertThat(found.path(entry.getKey()))
                    .as(entry.getKey())
                    .isEqualTo(entry.getValue());
              }
            });
  }

  /** As SDXL's repaired VAE is passed around: diffusers' file, renamed. */
  @Test
  void vaeMayHaveDiffusersNames() {
    Path file = Path.of("demo-model/base/vae/diffusion_pytorch_model.safetensors");
    assertThat(SingleFile.hasVae(file)).isTrue();
    Component found = SingleFile.vae(file);
    Component expected = Component.open("vae", file.getParent());
    same(found, expected);
    for (String key :
        List.of("block_out_channels", "layers_per_block", "latent_channels", "use_quant_conv")) {
      assertThat(found.config().path(key)).as(key).isEqualTo(expected.config().path(key));
    }
    assertThat(found.config().path("mid_block_add_attention").asBoolean()).isTrue();
  }

  @Test
  void demoModelsWeightsComeBackByteForByte() throws IOException {
    for (String model : List.of("base", "refiner")) {
      Path snapshot = Path.of("demo-model").resolve(model);
      Path file = folder.resolve(model + ".safetensors");
      LdmWriter.write(snapshot, file);
      SingleFile single = SingleFile.open(file, NONE);
      for (String name : List.of("unet", "vae", "text_encoder", "text_encoder_2")) {
        if (Files.isDirectory(snapshot.resolve(name))) {
          same(single.component(name), Component.open(name, snapshot.resolve(name)));
        }
      }
    }
  }

  private static void same(Component found, Component expected) {
    Checkpoint a = found.checkpoint();
    Checkpoint b = expected.checkpoint();
    assertThat(a.tensors().keySet()).isEqualTo(b.tensors().keySet());
    for (StoredTensor tensor : b.tensors().values()) {
      StoredTensor other = a.find(tensor.name()).orElseThrow();
      assertThat(other.shape()).as(tensor.name()).isEqualTo(tensor.shape());
      assertThat(a.bytes(other)).as(tensor.name()).isEqualTo(b.bytes(tensor));
    }
  }

  @Test
  void otherFilesAreRefusedByName() throws IOException {
    Path lora = folder.resolve("lora.safetensors");
    HoleFile.write(lora, Map.of("lora_unet_x.alpha", List.of(1L)));
    assertThat(SingleFile.isOne(lora)).isFalse();
    assertThatThrownBy(() -> SingleFile.open(lora, NONE))
        .hasMessage(
            lora
                + ": no checkpoint: model.diffusion_model.* is expected, found are others, such as"
                + " lora_unet_x.alpha (1 in all)");
    Path old = folder.resolve("sd15.safetensors");
    HoleFile.write(
        old,
        Map.of(
            "model.diffusion_model.out.2.bias", List.of(4L),
            "cond_stage_model.transformer.x", List.of(1L)));
    assertThatThrownBy(() -> SingleFile.open(old, NONE))
        .hasMessageContaining(
            "sd15.safetensors: no SDXL checkpoint: conditioner.embedders.1.model.*");
  }

  @Test
  void tensorThatIsMissingIsNamedAndOneTooMuchIsPassedOver() throws IOException {
    List<HoleFile.Line> lines = new ArrayList<>(HoleFile.golden("base"));
    lines.removeIf(line -> line.stored().endsWith("input_blocks.4.1.proj_in.bias"));
    lines.add(
        new HoleFile.Line("unet", "model.diffusion_model.input_blocks.9.0.x", List.of(1L), "-"));
    Path file = HoleFile.of(lines, file());
    assertThat(SnapshotCheck.problems(() -> SingleFile.open(file, NONE)))
        .contains(file + ": unet down_blocks.1.attentions.0.proj_in.bias [640] is missing")
        .noneMatch(problem -> problem.contains("input_blocks.9.0.x"));
    Component unet = SingleFile.open(file, NONE).component("unet");
    assertThat(
            WeightCheck.warning(
                unet.checkpoint(), UNet2DConditionModel.groups(UNetConfig.of(unet))))
        .contains(
            "holes.safetensors: passed over, as no part of unet, is what it holds beside it (1):"
                + " input_blocks.9.0.x");
  }

  /** As diffusers tells Playground v2.5 from SDXL. */
  @Test
  void modelOfEdmSaysItByTheMeanOfItsLatents() throws IOException {
    List<HoleFile.Line> lines = new ArrayList<>(HoleFile.golden("base"));
    lines.add(new HoleFile.Line("-", "edm_mean", List.of(1L, 4L, 1L, 1L), "-"));
    lines.add(new HoleFile.Line("-", "edm_std", List.of(1L, 4L, 1L, 1L), "-"));
    SingleFile single = SingleFile.open(HoleFile.of(lines, file()), NONE);
    assertThat(single.schedulerConfig().path("_class_name").asText())
        .isEqualTo("EDMDPMSolverMultistepScheduler");
    JsonNode vae = single.component("vae").config();
    assertThat(vae.path("scaling_factor").asDouble()).isEqualTo(0.5);
    assertThat(vae.path("latents_mean")).hasSize(4);
    assertThat(vae.path("latents_std")).hasSize(4);
  }

  @Test
  void fileBesideItSaysWhatTensorsDoNot() throws IOException {
    Path file = HoleFile.of(HoleFile.golden("base"), file());
    Path json = folder.resolve("holes.json");
    Files.writeString(
        json,
        "{\"unet\": {\"attention_head_dim\": [5, 10, 40]}, \"scheduler\": {\"timestep_spacing\":"
            + " \"trailing\"}}");
    SingleFile single = SingleFile.open(file, NONE);
    assertThat(single.component("unet").config().path("attention_head_dim").path(2).asInt())
        .isEqualTo(40);
    assertThat(single.component("unet").configFile()).isEqualTo(json);
    assertThat(single.schedulerConfig().path("timestep_spacing").asText()).isEqualTo("trailing");
    Files.writeString(json, "{\"unett\": {}}");
    assertThatThrownBy(() -> SingleFile.open(file, NONE))
        .hasMessageContaining("holes.json: unett is OBJECT; expected objects called ");
  }

  @Test
  void velocityModelsSayItByEmptyTensors() throws IOException {
    List<HoleFile.Line> lines = new ArrayList<>(HoleFile.golden("refiner"));
    lines.add(new HoleFile.Line("-", "v_pred", List.of(0L), "-"));
    lines.add(new HoleFile.Line("-", "ztsnr", List.of(0L), "-"));
    JsonNode scheduler = SingleFile.open(HoleFile.of(lines, file()), NONE).schedulerConfig();
    assertThat(scheduler.path("prediction_type").asText()).isEqualTo("v_prediction");
    assertThat(scheduler.path("rescale_betas_zero_snr").asBoolean()).isTrue();
  }

  private static CLIPTextConfig text(SingleFile file, String name) {
    Component component = file.component(name);
    return CLIPTextConfig.of(component);
  }

  private Path file() {
    return folder.resolve("holes.safetensors");
  }
}

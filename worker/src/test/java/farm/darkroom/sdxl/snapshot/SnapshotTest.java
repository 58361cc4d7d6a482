package farm.darkroom.sdxl.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.SdxlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

  /** diffusers saves an infinite lambda_min_clipped so, which is no JSON. */
  @Test
  void pythonsBareInfinityIsRead(@TempDir Path folder) throws IOException {
    JsonNode config =
        schedulerConfig(
            folder,
            """
            {"_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -Infinity}
            """);
    assertThat(config.get("lambda_min_clipped").asDouble()).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void valuesThatDiffusersNotedAsItsDefaultsAreLeftOut(@TempDir Path folder) throws IOException {
    JsonNode config =
        schedulerConfig(
            folder,
            """
            {"beta_end": 0.012, "steps_offset": 1, "timestep_spacing": "leading",
             "_use_default_values": ["timestep_spacing", "steps_offset"]}
            """);
    assertThat(config.get("beta_end").asDouble()).isEqualTo(0.012);
    assertThat(config.has("timestep_spacing") || config.has("steps_offset")).isFalse();
  }

  @Test
  void valuesThatDiffusersNotedAsItsDefaultsAreLeftOutOfComponentsToo(@TempDir Path folder)
      throws IOException {
    Path weights = Path.of("src/test/resources/goldens/vae/short", WEIGHTS);
    Files.copy(weights, folder.resolve(WEIGHTS));
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"scaling_factor": 2.0, "latent_channels": 4, "_use_default_values": ["scaling_factor"]}
        """);
    JsonNode config = Component.open("vae", folder).config();
    assertThat(config.get("latent_channels").asInt()).isEqualTo(4);
    assertThat(config.has("scaling_factor")).isFalse();
  }

  /** As a snapshot in {@code folder} with this file reads it. */
  private static JsonNode schedulerConfig(Path folder, String file) throws IOException {
    Files.writeString(
        folder.resolve("model_index.json"),
        """
        {"_class_name": "StableDiffusionXLPipeline",
         "scheduler": ["diffusers", "DPMSolverMultistepScheduler"]}
        """);
    Files.createDirectory(folder.resolve("scheduler"));
    Files.writeString(folder.resolve("scheduler/scheduler_config.json"), file);
    return Snapshot.open(folder).schedulerConfig();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "StableDiffusionXLPipeline",
        "StableDiffusionXLInpaintPipeline",
        "StableDiffusionXLControlNetImg2ImgPipeline",
        "StableDiffusionXLControlNetInpaintPipeline",
        "StableDiffusionXLControlNetUnionPipeline",
        "StableDiffusionXLPAGImg2ImgPipeline",
        "StableDiffusionXLAdapterPipeline",
        "StableDiffusionXLInstructPix2PixPipeline"
      })
  void pipelinesOfTheSameComponentsAreOpened(String name, @TempDir Path folder) throws IOException {
    assertThat(index(folder, name).has("unet")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"StableDiffusionPipeline", "StableDiffusionInstructPix2PixPipeline", ""})
  void pipelinesOfOtherComponentsAreRefused(String name, @TempDir Path folder) {
    assertThatThrownBy(() -> index(folder, name))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("_class_name is \"" + name + "\"");
  }

  @Test
  void componentOfAnotherClassIsRefused(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("model_index.json"),
        """
        {"_class_name": "StableDiffusionXLPipeline", "unet": ["diffusers", "SD3Transformer2DModel"]}
        """);
    assertThatThrownBy(() -> Snapshot.open(folder).find("unet"))
        .isInstanceOf(SdxlException.class)
        .hasMessageEndingWith(
            "model_index.json: unet is SD3Transformer2DModel; supported: UNet2DConditionModel");
  }

  @Test
  void tokenizerOfAnotherClassIsRefused(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("model_index.json"),
        """
        {"_class_name": "StableDiffusionXLPipeline", "tokenizer": ["transformers", "T5Tokenizer"],
         "tokenizer_2": ["transformers", "CLIPTokenizerFast"]}
        """);
    Snapshot snapshot = Snapshot.open(folder);
    assertThatThrownBy(() -> snapshot.tokenizer("tokenizer"))
        .isInstanceOf(SdxlException.class)
        .hasMessageEndingWith(
            "model_index.json: tokenizer is T5Tokenizer; supported: CLIPTokenizer, CLIPTokenizerFast");
    assertThat(snapshot.tokenizer("tokenizer_2")).isEqualTo(folder.resolve("tokenizer_2"));
  }

  @Test
  void flagThatIsNoneIsRefused(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("model_index.json"),
        """
        {"_class_name": "StableDiffusionXLPipeline", "force_zeros_for_empty_prompt": "False"}
        """);
    assertThatThrownBy(() -> Snapshot.open(folder).flag("force_zeros_for_empty_prompt", true))
        .isInstanceOf(SdxlException.class)
        .hasMessageEndingWith(
            "model_index.json: force_zeros_for_empty_prompt is \"False\"; supported: true or false");
  }

  private static Snapshot index(Path folder, String pipeline) throws IOException {
    Files.writeString(
        folder.resolve("model_index.json"),
        "{\"_class_name\": \"%s\", \"unet\": [\"diffusers\", \"UNet2DConditionModel\"]}"
            .formatted(pipeline));
    return Snapshot.open(folder);
  }

  @Test
  void weightsThatAreNotReadAreNamed(@TempDir Path folder) throws IOException {
    Snapshot snapshot = index(folder, "StableDiffusionXLPipeline");
    Path unet = Files.createDirectory(folder.resolve("unet"));
    Files.writeString(unet.resolve("config.json"), "{}");
    assertThatThrownBy(() -> snapshot.component("unet"))
        .hasMessageStartingWith(unet + ": no weights; expected diffusion_pytorch_model.safetensors")
        .hasMessageEndingWith("whole, sharded or as fp16 variant");
    Files.writeString(unet.resolve("diffusion_pytorch_model.bin"), "");
    Files.writeString(unet.resolve("diffusion_pytorch_model.non_ema.safetensors"), "");
    assertThatThrownBy(() -> snapshot.component("unet"))
        .hasMessageEndingWith(
            "; found diffusion_pytorch_model.bin, diffusion_pytorch_model.non_ema.safetensors, which is not read");
  }

  /** diffusers' from_pretrained goes by model_index.json; snapshots exist that do not agree. */
  @Test
  void indexDecidesWhichSchedulerItIs(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("model_index.json"),
        """
        {"_class_name": "StableDiffusionXLPipeline", "scheduler": ["diffusers", "DDIMScheduler"]}
        """);
    Files.createDirectory(folder.resolve("scheduler"));
    Files.writeString(
        folder.resolve("scheduler/scheduler_config.json"),
        """
        {"_class_name": "EulerDiscreteScheduler", "beta_start": 0.00085}
        """);
    Snapshot snapshot = Snapshot.open(folder);
    assertThat(snapshot.schedulerConfig().get("_class_name").asText()).isEqualTo("DDIMScheduler");
    assertThat(snapshot.schedulerConfig().get("beta_start").asDouble()).isEqualTo(0.00085);
  }
}

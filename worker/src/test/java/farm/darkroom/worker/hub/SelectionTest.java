package farm.darkroom.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The expected files are those of diffusers' {@code DiffusionPipeline.download}. */
class SelectionTest {
  private static final String INDEX =
      "{\"_class_name\": \"StableDiffusionXLPipeline\", \"force_zeros_for_empty_prompt\": true,"
          + " \"unet\": [\"diffusers\", \"UNet2DConditionModel\"],"
          + " \"vae\": [\"diffusers\", \"AutoencoderKL\"],"
          + " \"scheduler\": [\"diffusers\", \"EulerDiscreteScheduler\"],"
          + " \"tokenizer\": [\"transformers\", \"CLIPTokenizer\"],"
          + " \"image_encoder\": [null, null]}";

  /** As stabilityai/stable-diffusion-xl-base-1.0 lists itself, shortened. */
  private static final List<String> BASE =
      List.of(
          ".gitattributes",
          "README.md",
          "model_index.json",
          "sd_xl_base_1.0.safetensors",
          "scheduler/scheduler_config.json",
          "tokenizer/merges.txt",
          "tokenizer/vocab.json",
          "unet/config.json",
          "unet/diffusion_flax_model.msgpack",
          "unet/diffusion_pytorch_model.bin",
          "unet/diffusion_pytorch_model.fp16.safetensors",
          "unet/diffusion_pytorch_model.safetensors",
          "unet/model.onnx",
          "unet/openvino_model.bin",
          "vae/config.json",
          "vae/diffusion_pytorch_model.safetensors",
          "vae_1_0/config.json",
          "vae_1_0/diffusion_pytorch_model.safetensors",
          "image_encoder/config.json");

  @Test
  void fullPrecisionIsSafetensorsOfTheComponentsThatTheIndexNames() {
    assertThat(chosen(BASE, null))
        .containsExactlyInAnyOrder(
            "model_index.json",
            "scheduler/scheduler_config.json",
            "tokenizer/merges.txt",
            "tokenizer/vocab.json",
            "unet/config.json",
            "unet/diffusion_pytorch_model.safetensors",
            "vae/config.json",
            "vae/diffusion_pytorch_model.safetensors");
  }

  @Test
  void variantIsTakenWhereAComponentHasIt() {
    assertThat(chosen(BASE, "fp16"))
        .contains(
            "unet/diffusion_pytorch_model.fp16.safetensors",
            "vae/diffusion_pytorch_model.safetensors")
        .doesNotContain("unet/diffusion_pytorch_model.safetensors");
  }

  @Test
  void shardsComeWithTheirIndex() {
    List<String> sharded =
        replaced(
            "unet/diffusion_pytorch_model.safetensors",
            "unet/diffusion_pytorch_model-00001-of-00002.safetensors",
            "unet/diffusion_pytorch_model-00002-of-00002.safetensors",
            "unet/diffusion_pytorch_model.safetensors.index.json",
            "unet/diffusion_pytorch_model.safetensors.index.fp16.json",
            "unet/diffusion_pytorch_model.fp16-00001-of-00002.safetensors",
            "unet/diffusion_pytorch_model.fp16-00002-of-00002.safetensors");
    assertThat(chosen(sharded, null))
        .contains(
            "unet/diffusion_pytorch_model-00001-of-00002.safetensors",
            "unet/diffusion_pytorch_model.safetensors.index.json")
        .noneMatch(path -> path.contains("fp16"));
    assertThat(chosen(sharded, "fp16"))
        .contains(
            "unet/diffusion_pytorch_model.fp16-00002-of-00002.safetensors",
            "unet/diffusion_pytorch_model.safetensors.index.fp16.json")
        .noneMatch(path -> path.contains("model-0"));
  }

  @Test
  void shardsOfAVariantMayBeCalledTheOldWay() {
    List<String> old =
        replaced(
            "unet/diffusion_pytorch_model.fp16.safetensors",
            "unet/diffusion_pytorch_model-00001-of-00001.fp16.safetensors",
            "unet/diffusion_pytorch_model.safetensors.fp16.index.json");
    assertThat(chosen(old, "fp16"))
        .contains(
            "unet/diffusion_pytorch_model-00001-of-00001.fp16.safetensors",
            "unet/diffusion_pytorch_model.safetensors.fp16.index.json");
  }

  @Test
  void variantThatNoComponentHasIsRefused() {
    assertThatThrownBy(() -> chosen(BASE, "bf16"))
        .hasMessage("org/x: no component has weights of variant bf16; pull it without --variant");
  }

  @Test
  void componentWithoutSafetensorsIsRefused() {
    List<String> pickled =
        replaced("vae/diffusion_pytorch_model.safetensors", "vae/diffusion_pytorch_model.bin");
    assertThatThrownBy(() -> chosen(pickled, null))
        .hasMessage(
            "org/x: vae has no full-precision safetensors; it has [diffusion_pytorch_model.bin]");
  }

  @Test
  void componentOfItsOwnIsItsConfigAndItsWeights() {
    List<String> vae =
        List.of(
            "README.md",
            "config.json",
            "diffusion_pytorch_model.safetensors",
            "diffusion_pytorch_model.bin",
            "sdxl_vae.safetensors");
    assertThat(new Selection(listing(vae), Optional.empty()).single())
        .extracting(RemoteFile::path)
        .containsExactlyInAnyOrder("config.json", "diffusion_pytorch_model.safetensors");
  }

  private static List<String> replaced(String path, String... by) {
    return Stream.concat(BASE.stream().filter(file -> !file.equals(path)), Arrays.stream(by))
        .toList();
  }

  private static List<String> chosen(List<String> paths, String variant) {
    return new Selection(listing(paths), Optional.ofNullable(variant))
        .pipeline(json()).stream().map(RemoteFile::path).toList();
  }

  private static Listing listing(List<String> paths) {
    return new Listing(
        RepositoryId.parse("org/x", Optional.empty()),
        FakeHub.COMMIT,
        paths.stream()
            .map(path -> new RemoteFile(path, 1, "0".repeat(40), Optional.empty()))
            .toList());
  }

  private static JsonNode json() {
    try {
      return new ObjectMapper().readTree(INDEX);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}

package farm.darkroom.common.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.CanonicalJson;
import farm.darkroom.common.json.Json;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenderJobTest {

  static RenderJob job(String fields) {
    return RenderJob.fromJson(json(fields).getBytes(UTF_8));
  }

  /** A job's JSON: model, prompt and what {@code fields} adds, with ' for ". */
  static String json(String fields) {
    String more = fields.isEmpty() ? "" : ", " + fields.replace('\'', '"');
    return "{\"model\": \"demo\", \"prompt\": \"a red cube\"" + more + "}";
  }

  @Test
  void takesDiffusersDefaults() {
    RenderJob job = job("");
    assertThat(job.sampling().numInferenceSteps()).isEqualTo(50);
    assertThat(job.sampling().guidanceScale()).isEqualTo(5.0);
    assertThat(job.prompts().negativePrompt()).isEmpty();
    assertThat(job.framing().height()).isEmpty();
    assertThat(job.seed()).isEmpty();
    assertThat(job.numImagesPerPrompt()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "steps, num_inference_steps",
    "num_steps, num_inference_steps",
    "cfg_scale, guidance_scale",
    "cfg, guidance_scale",
    "sampler, scheduler",
    "sampler_name, scheduler",
    "negative, negative_prompt",
    "denoising_strength, strength",
    "denoise, strength",
    "n_iter, num_images_per_prompt",
    "batch_size, num_images_per_prompt",
    "size, width and height"
  })
  void aNameOfAnotherProgramIsTranslated(String foreign, String field) {
    assertThatThrownBy(() -> job("'%s': 30".formatted(foreign)))
        .hasMessage("$.%s: unknown field; did you mean %s?".formatted(foreign, field));
  }

  @Test
  void inpaintingHasDefaultsOfItsOwn() {
    RenderJob job = job("'image': 'a.png', 'mask_image': 'm.png'");
    assertThat(job.sampling().guidanceScale()).isEqualTo(7.5);
    assertThat(job.source().orElseThrow().strength()).isEqualTo(0.9999);
    assertThat(job("'image': 'a.png'").source().orElseThrow().strength()).isEqualTo(0.3);
  }

  @Test
  void readsTheJobOfTheDesign() {
    RenderJob job =
        job(
            "'negative_prompt': '', 'seed': 42, 'num_inference_steps': 30, 'guidance_scale': 5.0,"
                + "'height': 1024, 'width': 768, 'original_size': [1024,768],"
                + "'crops_coords_top_left': [0,16], 'scheduler': {'name':"
                + "'DPMSolverMultistepScheduler', 'use_karras_sigmas': true,"
                + "'algorithm_type': 'sde-dpmsolver++'},"
                + "'refiner': {'model': 'demo-refiner', 'denoising_start': 0.8},"
                + "'labels': {'split': 'train'}");
    assertThat(job.framing().originalSize()).contains(new PixelSize(1024, 768));
    assertThat(job.framing().cropsCoordsTopLeft()).isEqualTo(new CropCorner(0, 16));
    assertThat(job.prompts().negativePrompt()).contains("");
    assertThat(job.sampling().scheduler().orElseThrow().config())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("use_karras_sigmas", true, "algorithm_type", "sde-dpmsolver++"));
    assertThat(job.refiner().orElseThrow().denoisingStart()).contains(0.8);
    assertThat(job.refiner().orElseThrow().strength()).isEmpty();
    assertThat(job.labels()).containsEntry("split", "train");
  }

  @Test
  void canonicalFormLeavesDefaultsOut() {
    RenderJob job =
        job("'num_inference_steps': 50.0, 'guidance_scale': 5, 'eta': 0, 'seed': 7, 'height': 128");
    assertThat(CanonicalJson.text(job.toJson()))
        .isEqualTo("{\"height\":128,\"model\":\"demo\",\"prompt\":\"a red cube\",\"seed\":7}");
  }

  @Test
  void attentionIsPerturbedWhereThereIsAScale() {
    assertThat(job("'pag_scale': 0, 'pag_applied_layers': 'up'")).isEqualTo(job(""));
    RenderJob plain = job("'pag_scale': 3");
    assertThat(job("'pag_scale': 3, 'pag_adaptive_scale': 0, 'pag_applied_layers': ['mid']"))
        .isEqualTo(plain);
    assertThat(CanonicalJson.text(plain.toJson()))
        .isEqualTo("{\"model\":\"demo\",\"pag_scale\":3,\"prompt\":\"a red cube\"}");
    assertThat(job("'pag_scale': 3, 'pag_applied_layers': ['up_blocks.[0-2]']").toJson())
        .isEqualTo(job("'pag_scale': 3, 'pag_applied_layers': 'up_blocks.[0-2]'").toJson());
    RenderJob several = job("'pag_scale': 3, 'pag_applied_layers': ['mid', 'blocks.(0|1)']");
    assertThat(RenderJob.fromJson(several.toJson())).isEqualTo(several).isNotEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(m|i+)+d",
        "mid.*",
        "m?id",
        "i{2}",
        "(?i)MID",
        "mid^",
        "mid$",
        "m d",
        "[^m]",
        "[",
        "[[a]b]",
        "[2-1]",
        "mid)",
        "0|1|2|3|4|5|6|7|8|9"
      })
  void layersAreNamedByWhatMatchesInNoTime(String pattern) {
    assertThatThrownBy(() -> job("'pag_scale': 3, 'pag_applied_layers': '%s'".formatted(pattern)))
        .hasMessage(
            "$.pag_applied_layers: found \"%s\", allowed: letters, digits, '_' and '.', and up to 8 alternatives such as up_blocks.(0|1) or down_blocks.[12]",
            pattern);
  }

  @Test
  void nullIsAbsentExceptInASchedulersConfig() {
    assertThat(job("'height': null, 'refiner': null")).isEqualTo(job(""));
    RenderJob job = job("'scheduler': {'name': 'EulerDiscreteScheduler', 'sigma_min': null}");
    assertThat(job.sampling().scheduler().orElseThrow().config()).containsEntry("sigma_min", null);
  }

  @Test
  void everyProblemIsNamedAtOnce() {
    assertThatThrownBy(() -> job("'num_inference_step': 3, 'width': 130, 'strength': 0.5"))
        .isInstanceOf(FarmException.class)
        .extracting(e -> ((FarmException) e).kind())
        .isEqualTo(FailureKind.INVALID_JOB);
    assertThatThrownBy(() -> job("'num_inference_step': 3, 'width': 130, 'strength': 0.5"))
        .hasMessageContaining(
            "$.num_inference_step: unknown field; did you mean num_inference_steps?")
        .hasMessageContaining(
            "$.width: found 130, allowed: a multiple of 8 from 16 to 4096; the nearest are 128"
                + " and 136")
        .hasMessageContaining("$.strength: found without image, which it needs")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'num_inference_steps': 0 | $.num_inference_steps: found 0, allowed: a whole number from 1 to 1000
          'num_inference_steps': 2.5 | $.num_inference_steps: found 2.5, allowed: a whole number
          'num_inference_steps': '20' | $.num_inference_steps: found text "20", allowed: a whole number
          'seed': -1 | $.seed: found -1, allowed: a whole number from 0; without a seed one is drawn
          'seed': -2 | $.seed: found -2, allowed: a whole number from 0
          'seed': 'x' | $.seed: found text "x", allowed: a whole number from 0
          'controlnet_conditioning_scale': 1 | did you mean controlnet[0].controlnet_conditioning_scale?
          'controlnet': [{'model': 'c', 'image': 'e', 'weight': 1}] | $.controlnet[0].weight: unknown field; did you mean controlnet_conditioning_scale?
          'loras': [{'name': 'x', 'scale': 1}] | $.loras[0].name: unknown field; did you mean path?
          'refiner': {'model': 'r', 'steps': 5} | $.refiner.steps: unknown field; did you mean num_inference_steps?
          'scheduler': 'DPM fast' | docs/jobs.md lists them all
          'seed': 9223372036854775807, 'num_images_per_prompt': 2 | $.seed: found 9223372036854775807, allowed: at most
          'height': 8 | $.height: found 8, allowed: a whole number from 16 to 4096
          'guidance_scale': -1 | $.guidance_scale: found -1
          'guidance_scale': 1e999 | $.guidance_scale: found Infinity
          'original_size': [1, 2, 3] | $.original_size: found a list of 3, allowed: a list of 2
          'original_size': [1, 'x'] | $.original_size[1]: found text "x"
          'scheduler': {'name': 'EulerDiscreet'} | did you mean EulerDiscreteScheduler?
          'scheduler': {'name': 'DDIMScheduler', 'use_karras_sigmas': true} | $.scheduler.use_karras_sigmas: unknown field
          'scheduler': {'name': 'EulerDiscreteScheduler', 'use_karras_sigma': true} | $.scheduler.use_karras_sigma: unknown field; did you mean use_karras_sigmas?
          'scheduler': {'name': 'EulerDiscreteScheduler', 'use_karras_sigmas': true, 'use_beta_sigmas': true} | $.scheduler.use_beta_sigmas: found true beside use_karras_sigmas
          'scheduler': {'name': 'EulerDiscreteScheduler', 'timestep_spacing': 'trialing'} | did you mean trailing?
          'refiner': {'denoising_start': 0.8} | $.refiner.model: missing
          'refiner': {'model': 'r', 'denoising_start': 1} | $.refiner.denoising_start: found 1, allowed: a number between 0 and 1
          'refiner': {'model': 'r', 'denoising_start': 0.5, 'strength': 0.2} | $.refiner.strength: found beside denoising_start
          'denoising_end': 0.7, 'refiner': {'model': 'r', 'denoising_start': 0.8} | $.denoising_end: found 0.7, allowed: refiner.denoising_start, 0.8
          'image': 'a.png', 'denoising_start': 0.8, 'refiner': {'model': 'r', 'denoising_start': 0.3} | $.denoising_start: found 0.8, allowed: less than refiner.denoising_start
          'refiner': {'model': 'r', 'strength': 0.01} | $.refiner.strength: found 0.01, which leaves no step of 50
          'refiner': {'model': 'r', 'num_inference_steps': 3} | $.refiner.strength: found 0.3, which leaves no step of 3
          'image': 'a.png', 'strength': 0.01 | $.strength: found 0.01, which leaves no step of 50
          'image': 'a.png', 'mask_image': 'm.png', 'strength': 0.01, 'scheduler': 'PLMS' | $.strength: found 0.01, which leaves no step of 50
          'image': 'https://x/a.png' | $.image: found "https://x/a.png", allowed: s3://bucket/key or a path
          'image': 's3://b/../k' | $.image: found "s3://b/../k"
          'mask_image': 'm.png' | $.mask_image: found without image
          'timesteps': [1], 'sigmas': [1] | $.sigmas: found beside timesteps
          'labels': {'a b': 'x'} | $.labels["a b"]: found "a b", allowed: 1 to 64 characters
          'labels': {'a': 3} | $.labels.a: found 3, allowed: text
          'loras': [{'path': 'x'}, {'path': '../../y', 'wieght': 1}] | $.loras[1].wieght: unknown field; did you mean weight?
          'loras': 'foo' | $.loras: found text "foo", allowed: a list of 0 to 16 such as [{"path": "film.safetensors", "weight": 0.8}]
          'loras': ['foo'] | $.loras[0]: found text "foo", allowed: an object such as {"path": "film.safetensors", "weight": 0.8}
          'loras': [{'path': 'https://x/a'}] | $.loras[0].path: found "https://x/a", allowed: s3://bucket/key
          'loras': [{'path': 'sha256:12'}] | $.loras[0].path: found "sha256:12"
          'embeddings': [{'path': './two words.safetensors'}] | $.embeddings[0].token: missing
          'loras': [{'path': 'a/../y'}] | $.loras[0].path: found "a/../y"
          'negative_prompt': 'a\\u0000b' | $.negative_prompt: found text with the character U+0000
          'negative_prompt': 'a\\ud800b' | $.negative_prompt: found text with the character U+D800
          'prompt_syntax': 'wieghted' | did you mean weighted?
          'output_type': 'png' | $.output_type: found "png", allowed: one of pil, latent
          'embeddings': [{'path': 'e', 'token': 'two words'}] | $.embeddings[0].token: found "two words"
          'controlnet': [{'model': 'c'}] | $.controlnet[0].image: missing
          'controlnet': [{'model': 'c', 'image': 'e', 'control_mode': -1}] | $.controlnet[0].control_mode: found -1, allowed: a whole number from 0 to 63
          'controlnet': [{'model': 'c', 'image': ['e', 'f']}] | $.controlnet[0].image: found a list without control_mode, which it needs
          'controlnet': [{'model': 'c', 'image': ['e', 'f'], 'control_mode': 1}] | $.controlnet[0].control_mode: found 1, allowed: 2, one for each picture
          'controlnet': [{'model': 'c', 'image': 'e', 'control_mode': [1, 2]}] | $.controlnet[0].control_mode: found 2, allowed: 1, one for each picture
          'controlnet': [{'model': 'c', 'image': ['e', 'f'], 'control_mode': [1, 64]}] | $.controlnet[0].control_mode[1]: found 64, allowed: a whole number from 0 to 63
          'controlnet': [{'model': 'c', 'image': ['e', 'f'], 'control_mode': [1, 2], 'controlnet_conditioning_scale': [1, 1, 1]}] | $.controlnet[0].controlnet_conditioning_scale: found 3, allowed: 2, one for each picture
          'controlnet': [{'model': 'c', 'image': ['e', 'f'], 'control_mode': [1, 2], 'control_guidance_start': [0, 0.5], 'control_guidance_end': [0.5, 0.4]}] | $.controlnet[0].control_guidance_start: found 0.5, allowed: less than 0.4
          'controlnet': [{'model': 'c', 'image': ['e', 'f'], 'control_mode': [1, 2], 'control_guidance_end': [0.5, 1]}, {'model': 'c', 'image': 'e'}] | $.controlnet: found 2 networks and a list for control_guidance_end, allowed: a number for each network
          'controlnet': [{'model': 'c', 'image': ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14', '15', '16', '17']}] | $.controlnet[0].image: found a list of 17, allowed: a list of 1 to 16
          'controlnet': [{'model': 'c', 'images': ['e', 'f']}] | $.controlnet[0].images: unknown field; did you mean image?
          't2i_adapter': [{'model': 'a'}] | $.t2i_adapter[0].image: missing
          't2i_adapter': [{'model': 'a', 'image': 'e', 'weight': 1}] | $.t2i_adapter[0].weight: unknown field; did you mean adapter_conditioning_scale?
          't2i_adapter': [{'model': 'a', 'image': 'e', 'adapter_conditioning_scale': 11}] | found 11, allowed: a number from 0 to 10
          't2i_adapter': [1, 2, 3, 4, 5] | $.t2i_adapter: found a list of 5, allowed: a list of 0 to 4
          't2i_adapter': [{'model': 'a', 'image': 'e'}], 'adapter_conditioning_factor': 2 | $.adapter_conditioning_factor: found 2, allowed: a number from 0 to 1
          'adapter_conditioning_factor': 0.5 | $.adapter_conditioning_factor: found without t2i_adapter, which it needs
          'adapter_conditioning_scale': 0.5 | did you mean t2i_adapter[0].adapter_conditioning_scale?
          't2i_adapter': [{'model': 'a', 'image': 'e'}], 'image': 'i' | $.t2i_adapter: found with image, allowed: text to image
          't2i_adapter': [{'model': 'a', 'image': 'e'}], 'controlnet': [{'model': 'c', 'image': 'e'}] | $.t2i_adapter: found with controlnet, allowed: one of the two
          't2i_adapter': [{'model': 'a', 'image': 'e'}], 'pag_scale': 3 | $.t2i_adapter: found with pag_scale, allowed: one of the two
          'ip_adapter': [{'image': 'e'}] | $.ip_adapter[0].model: missing
          'ip_adapter': [{'model': 'c', 'image': 'e', 'weight': 1}] | $.ip_adapter[0].weight: unknown field; did you mean scale?
          'ip_adapter': [{'model': 'c', 'image': 'e', 'scale': 11}] | $.ip_adapter[0].scale: found 11, allowed: a number from -10 to 10
          'ip_adapter': [{'model': 'c', 'image': 'e', 'scale': {'up': {'block': 1}}}] | $.ip_adapter[0].scale.up.block: unknown field; did you mean block_0?
          'ip_adapter': [{'model': 'c', 'image': 'e', 'scale': {'down': [1, 'x']}}] | $.ip_adapter[0].scale.down[1]: found text "x", allowed: a number from -10 to 10
          'ip_adapter': [{'model': 'c', 'image': []}] | $.ip_adapter[0].image: found a list of 0, allowed: a list of 1 to 16
          'ip_adapter': [{'model': 'c', 'image': ['e', 3]}] | $.ip_adapter[0].image[1]: found 3, allowed: text
          'ip_adapter': [{'model': 'c', 'image': 'e', 'mask': ['m', 'n']}] | $.ip_adapter[0].mask: found 2, allowed: 1, one for each picture
          'ip_adapter': [{'model': 'c', 'image': ['e', 'f'], 'mask': 'm'}] | $.ip_adapter[0].mask: found 1, allowed: 2, one for each picture
          'ip_adapter': [{'model': 'c', 'image': ['e', 'f'], 'scale': [1, 0.5]}] | $.ip_adapter[0].scale: found a list without mask, which it needs
          'ip_adapter': [{'model': 'c', 'image': 'e', 'mask': 'm', 'scale': [1, 0.5]}] | $.ip_adapter[0].scale: found 2, allowed: 1, one for each picture
          'ip_adapter': [{'model': 'c', 'image': 'e', 'attn_mask': 'm'}] | $.ip_adapter[0].attn_mask: unknown field; did you mean mask?
          'ip_adapter_masks': 'e' | did you mean ip_adapter[0].mask?
          'ip_adapter': [{'model': 'c', 'images': 'e'}] | $.ip_adapter[0].images: unknown field; did you mean image?
          'freeu': {'s1': 0.6, 's2': 0.4, 'b1': 1.1} | $.freeu.b2: missing
          'freeu': {'s1': 0, 's2': 0.4, 'b1': 1.1, 'b2': 1.2} | $.freeu.s1: found 0, allowed: a number from 0.01 to 10
          'freeu': true | $.freeu: found true, allowed: an object such as {"s1": 0.6, "s2": 0.4, "b1": 1.1, "b2": 1.2}
          'ip_adapter_image': 'e' | did you mean ip_adapter[0].image?
          'guess_mode': true | $.guess_mode: found without controlnet
          'controlnet': [{'model': 'c', 'image': 'e'}], 'guess_mode': 1 | $.guess_mode: found 1, allowed: true or false
          'pag_scale': -1 | $.pag_scale: found -1, allowed: a number from 0 to 100
          'pag_adaptive_scale': 0.1 | $.pag_adaptive_scale: found without pag_scale, which it needs
          'pag_scale': 3, 'pag_applied_layers': [] | $.pag_applied_layers: found a list of 0, allowed: a list of 1 to 16
          'pag_scale': 3, 'pag_applied_layers': ['mid', 2] | $.pag_applied_layers[1]: found 2, allowed: text
          'pag_scale': 3, 'pag_applied_layers': '' | $.pag_applied_layers: found "", allowed: letters
          'pag_scale': 3, 'pag_applied_layers': ['blocks.(0'] | $.pag_applied_layers[0]: found "blocks.(0", allowed: letters
          'pag_scale': 3, 'controlnet': [{'model': 'c', 'image': 'e'}], 'guess_mode': true | $.guess_mode: found with pag_scale
          'pag_scale': 3, 'controlnet': [{'model': 'c', 'image': 'e'}], 'image': 'a.png', 'mask_image': 'm.png' | $.pag_scale: found with controlnet and mask_image, allowed: with one of them
          'perturbed_attention': 3 | did you mean pag_scale?
          'image_guidance_scale': 1.5 | $.image_guidance_scale: found without image, which it needs
          'image': 'a.png', 'image_guidance_scale': 101 | $.image_guidance_scale: found 101, allowed: a number from 0 to 100
          'image': 'a.png', 'image_guidance_scale': 2, 'strength': 0.5 | $.strength: found with image_guidance_scale, allowed: one of the two
          'image': 'a.png', 'image_guidance_scale': 2, 'mask_image': 'm' | $.mask_image: found with image_guidance_scale, allowed: one of the two
          'image': 'a.png', 'image_guidance_scale': 2, 'pag_scale': 3 | $.pag_scale: found with image_guidance_scale, allowed: one of the two
          'image': 'a.png', 'image_guidance_scale': 2, 'controlnet': [{'model': 'c', 'image': 'e'}] | $.controlnet: found with image_guidance_scale, allowed: one of the two
          'image': 'a.png', 'image_cfg_scale': 2 | did you mean image_guidance_scale?
          'seed': 1, 'seed': 2 | Duplicate
          """)
  void refusesWithPathFoundAndAllowed(String fields, String expected) {
    assertThatThrownBy(() -> job(fields))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining(expected.strip());
  }

  @Test
  void anEditTakesAllStepsAndHasTheDefaultsOfItsPipeline() {
    RenderJob job = job("'image': 'a.png', 'image_guidance_scale': 1.5, 'controlnet': []");
    assertThat(job.sampling().numInferenceSteps()).isEqualTo(100);
    assertThat(job.sampling().imageGuidanceScale()).contains(1.5);
    assertThat(CanonicalJson.text(job.toJson()))
        .isEqualTo(
            "{\"image\":\"a.png\",\"image_guidance_scale\":1.5,\"model\":\"demo\",\"prompt\":\"a red cube\"}");
    String steps = "'image': 'a.png', 'image_guidance_scale': 1.5, 'num_inference_steps': ";
    assertThat(job(steps + 1).sampling().numInferenceSteps()).isEqualTo(1);
    assertThat(job(steps + 100)).isEqualTo(job(steps.replace(", 'num_inference_steps': ", "")));
  }

  @Test
  void pndmRunsWhatIsLeftOfItsTimestepsWhateverTheStrength() {
    RenderJob job = job("'image': 'a.png', 'strength': 0.01, 'scheduler': 'PLMS'");
    assertThat(job.source().orElseThrow().strength()).isEqualTo(0.01);
    assertThat(job("'refiner': {'model': 'r', 'strength': 0.01}, 'scheduler': 'PLMS'").refiner())
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "demo",
    "stabilityai/stable-diffusion-xl-base-1.0",
    "org/name@refs%2Fpr%2F1",
    "/models/x",
    "./here",
    "../there"
  })
  void takesModels(String model) {
    assertThat(
            RenderJob.fromJson(("{\"model\":\"" + model + "\",\"prompt\":\"\"}").getBytes(UTF_8))
                .model())
        .isEqualTo(model);
  }

  @ParameterizedTest
  @CsvSource({"a/../b", "..", "a//b", "https://h/x", "' demo'", "''", "@main"})
  void refusesModels(String model) {
    byte[] json = ("{\"model\":\"" + model + "\",\"prompt\":\"\"}").getBytes(UTF_8);
    assertThatThrownBy(() -> RenderJob.fromJson(json)).hasMessageContaining("$.model: found");
  }

  @Test
  void singlesHaveTheSeedsOfTheirImages() {
    RenderJob job = job("'seed': 5, 'num_images_per_prompt': 3");
    assertThat(job.single(2)).isEqualTo(job("'seed': 7"));
  }

  @Test
  void imagesAreThoseOfTheWholeJob() {
    RenderJob job =
        job(
            "'image': 'a.png', 'mask_image': 'm.png', 'controlnet': [{'model': 'c', 'image':"
                + " ['e.png', 'f.png'], 'control_mode': [1, 0]}], 'ip_adapter': [{'model': 'i', 'image': ['p.png', 'q.png'],"
                + " 'mask': ['l.png', 'r.png']}]");
    assertThat(job.images())
        .extracting(ImageReference::text)
        .containsExactly("a.png", "m.png", "e.png", "f.png", "p.png", "q.png", "l.png", "r.png");
    RenderJob moved = job.withImages(i -> new ImageReference("s3://b/" + i.text()));
    assertThat(moved.images()).noneMatch(ImageReference::isLocal);
    assertThat(moved.source().flatMap(SourceImage::maskImage))
        .isEqualTo(Optional.of(new ImageReference("s3://b/m.png")));
  }

  @Test
  void anAdaptersImageIsOneOfTheJobs() {
    RenderJob job = job("'t2i_adapter': [{'model': 'a', 'image': 'e.png'}]");
    RenderJob moved = job.withImages(i -> new ImageReference("s3://b/" + i.text()));
    assertThat(moved.images()).extracting(ImageReference::text).containsExactly("s3://b/e.png");
    assertThat(RenderJob.fromJson(moved.toJson())).isEqualTo(moved);
  }

  @Test
  void aListOfOneIsThatOne() {
    RenderJob job = job("'ip_adapter': [{'model': 'i', 'image': ['p.png'], 'scale': [1]}]");
    assertThat(job).isEqualTo(job("'ip_adapter': [{'model': 'i', 'image': 'p.png'}]"));
    assertThat(CanonicalJson.text(job.toJson()))
        .contains("[{\"image\":\"p.png\",\"model\":\"i\"}]");
    assertThat(job("'ip_adapter': [{'model': 'i', 'image': 'p.png', 'mask': ['m'], 'scale': [2]}]"))
        .isEqualTo(
            job("'ip_adapter': [{'model': 'i', 'image': 'p.png', 'mask': 'm', 'scale': 2}]"));
    assertThat(
            job(
                "'controlnet': [{'model': 'u', 'image': ['e'], 'control_mode': [3],"
                    + " 'controlnet_conditioning_scale': [1], 'control_guidance_end': [0.5]}]"))
        .isEqualTo(
            job(
                "'controlnet': [{'model': 'u', 'image': 'e', 'control_mode': 3,"
                    + " 'control_guidance_end': 0.5}]"));
  }

  @Test
  void knowsTheSchedulesOfAlignYourStepsByName() {
    assertThat(job("'timesteps': 'StableDiffusionXLTimesteps'"))
        .isEqualTo(job("'timesteps': [999, 845, 730, 587, 443, 310, 193, 116, 53, 13]"));
    assertThat(job("'sigmas': 'StableDiffusionXLSigmas'").sampling().sigmas()).hasSize(11);
    assertThat(job("'sigmas': 'StableDiffusionVideoSigmas'").sampling().sigmas())
        .startsWith(700.0, 54.5);
    assertThatThrownBy(() -> job("'timesteps': 'StableDiffusionXLSigmas'"))
        .hasMessageContaining("did you mean StableDiffusionXLTimesteps?");
  }

  @Test
  void refusesJobsThatAreTooLarge() {
    String bulk = "\u4e2d".repeat(19_000);
    String fields =
        "'prompt_2': '%s1', 'negative_prompt': '%s', 'negative_prompt_2': '%s2', 'labels': {'a':"
            + " 'b'}";
    String labels = "'c': '" + "\u4e2d".repeat(1000) + "'";
    StringBuilder more = new StringBuilder(labels);
    for (int i = 0; i < 40; i++) {
      more.append(", 'l").append(i).append("': '").append("\u4e2d".repeat(1000)).append("'");
    }
    String large = fields.formatted(bulk, bulk, bulk).replace("'a': 'b'", more);
    assertThatThrownBy(() -> job(large)).hasMessageContaining("bytes, allowed: 262144");
  }

  @Test
  void refusesNumbersBeyondDoublesInATreeToo() {
    JsonNode tree = Json.parse(json("'guidance_scale': 1e999"));
    assertThatThrownBy(() -> RenderJob.fromJson(tree))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("$.guidance_scale: found Infinity");
  }
}

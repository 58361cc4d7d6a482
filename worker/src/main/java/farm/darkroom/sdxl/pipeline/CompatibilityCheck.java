package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.text.PromptEncoder;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.vae.AutoencoderConfig;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks that a snapshot's components belong together. */
record CompatibilityCheck(
    Snapshot snapshot, Component unet, UNetConfig config, AutoencoderConfig vae) {

  /**
   * @throws SdxlException naming both sides and the file that expects something else
   */
  void check(PromptEncoder prompts) {
    problems(prompts.widths(), prompts.pooledWidth()).stream()
        .findFirst()
        .ifPresent(
            problem -> {
              throw new SdxlException(problem);
            });
  }

  /**
   * Lists everything that does not fit.
   *
   * @param widths of the text encoders' states
   * @param pooled width of the pooled text
   */
  List<String> problems(List<Integer> widths, int pooled) {
    return Stream.of(textFeatures(widths), addedConditions(pooled), channels())
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<String> textFeatures(List<Integer> widths) {
    int features = widths.stream().mapToInt(Integer::intValue).sum();
    if (features == config.crossAttentionDim()) {
      return Optional.empty();
    }
    String sum = widths.stream().map(String::valueOf).collect(Collectors.joining(" + "));
    return Optional.of(
        "text encoders give %s = %d features, unet expects cross_attention_dim %d (%s)"
            .formatted(sum, features, config.crossAttentionDim(), unet.configFile()));
  }

  private Optional<String> addedConditions(int pooled) {
    boolean score = snapshot.flag("requires_aesthetics_score", false);
    int ids = score ? 5 : 6;
    int found = pooled + ids * config.time().additionTimeEmbedDim();
    int expected = config.time().projectionInputDim();
    if (found == expected) {
      return Optional.empty();
    }
    return Optional.of(
        ("pooled text and %d time ids give %d + %d x %d = %d features, unet expects "
                + "projection_class_embeddings_input_dim %d (%s); requires_aesthetics_score is %s")
            .formatted(
                ids,
                pooled,
                ids,
                config.time().additionTimeEmbedDim(),
                found,
                expected,
                unet.configFile(),
                score));
  }

  private Optional<String> channels() {
    int latents = vae.latentChannels();
    if (config.outChannels() == latents
        && (config.isInpainting() || config.isEditing() || config.inChannels() == latents)) {
      return Optional.empty();
    }
    return Optional.of(
        "unet takes %d channels and gives %d (%s), the vae's latents have %d; a unet takes as many, %d for editing or %d for inpainting, and gives as many"
            .formatted(
                config.inChannels(),
                config.outChannels(),
                unet.configFile(),
                latents,
                2 * latents,
                2 * latents + 1));
  }
}

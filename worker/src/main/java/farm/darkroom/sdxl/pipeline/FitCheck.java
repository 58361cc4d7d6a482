package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.text.PromptEncoder;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.vae.AutoencoderConfig;
import java.util.List;
import java.util.stream.Collectors;

/** Whether a snapshot's components belong together. */
record FitCheck(Snapshot snapshot, Component unet, UNetConfig config, AutoencoderConfig vae) {

  /**
   * @throws SdxlException naming both sides and the file that expects something else
   */
  void check(PromptEncoder prompts) {
    textFeatures(prompts.widths());
    addedConditions(prompts.pooledWidth());
    channels();
  }

  private void textFeatures(List<Integer> widths) {
    int features = widths.stream().mapToInt(Integer::intValue).sum();
    if (features != config.crossAttentionDim()) {
      String sum = widths.stream().map(String::valueOf).collect(Collectors.joining(" + "));
      throw new SdxlException(
          "text encoders give %s = %d features, unet expects cross_attention_dim %d (%s)"
              .formatted(sum, features, config.crossAttentionDim(), unet.configFile()));
    }
  }

  private void addedConditions(int pooled) {
    boolean score = snapshot.flag("requires_aesthetics_score", false);
    int ids = score ? 5 : 6;
    int found = pooled + ids * config.time().additionTimeEmbedDim();
    int expected = config.time().projectionInputDim();
    if (found != expected) {
      throw new SdxlException(
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
  }

  private void channels() {
    int latents = vae.latentChannels();
    boolean inpainting = config.inChannels() == 2 * latents + 1;
    if (config.outChannels() != latents || !inpainting && config.inChannels() != latents) {
      throw new SdxlException(
          "unet takes %d channels and gives %d (%s), the vae's latents have %d"
              .formatted(config.inChannels(), config.outChannels(), unet.configFile(), latents));
    }
  }
}

package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.text.PromptEmbeds;
import farm.darkroom.sdxl.text.TextConditioning;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.unet.TextTime;
import farm.darkroom.sdxl.unet.UNet2DConditionModel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Brings text, sizes and guidance into the form that the UNet takes, negative half first. */
record Conditions(Kernels kernels, UNet2DConditionModel unet, NDManager scope) {

  Denoiser denoiser(Request request, PromptEmbeds embeds, TimeIds ids) {
    Guidance guidance = request.sampling().guidance();
    TextTime input =
        embeds
            .negative()
            .map(negative -> both(negative, embeds.positive(), ids))
            .orElseGet(() -> one(embeds.positive(), ids));
    return new Denoiser(
        kernels,
        unet,
        unet.condition(input),
        embeds.negative().isPresent(),
        guidance,
        guidanceEmbedding(guidance));
  }

  private TextTime one(TextConditioning text, TimeIds ids) {
    return new TextTime(text.embeds(), text.pooled(), row(ids.positive()));
  }

  private TextTime both(TextConditioning negative, TextConditioning positive, TimeIds ids) {
    return new TextTime(
        rows(negative.embeds(), positive.embeds()),
        rows(negative.pooled(), positive.pooled()),
        rows(row(ids.negative()), row(ids.positive())));
  }

  private NDArray row(float[] values) {
    return scope.create(values, new Shape(1, values.length));
  }

  private NDArray rows(NDArray first, NDArray second) {
    return kernels.tensor(scope, "joined", List.of(first, second), 0);
  }

  /** diffusers: {@code get_guidance_scale_embedding}, for models with time_cond_proj_dim. */
  private Optional<NDArray> guidanceEmbedding(Guidance guidance) {
    OptionalInt width = unet.config().time().condProjDim();
    if (width.isEmpty()) {
      return Optional.empty();
    }
    NDArray scale = scope.create(new float[] {(float) (guidance.scale() - 1)});
    return Optional.of(kernels.tensor(scope, "guidance_scale_embedding", scale, width.getAsInt()));
  }
}

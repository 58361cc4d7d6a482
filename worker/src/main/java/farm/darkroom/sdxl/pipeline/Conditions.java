package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.text.PromptEmbeds;
import farm.darkroom.sdxl.text.TextConditioning;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.unet.ControlNetConditioning;
import farm.darkroom.sdxl.unet.PictureMask;
import farm.darkroom.sdxl.unet.PictureTokens;
import farm.darkroom.sdxl.unet.TextTime;
import farm.darkroom.sdxl.unet.UNet2DConditionModel;
import farm.darkroom.sdxl.unet.UNetConditioning;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.sdxl.vae.Resizing;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Brings prompt embeddings, sizes and guidance into the form that the UNet takes: a row for each
 * prediction of {@link Guidance}.
 */
record Conditions(Kernels kernels, UNet2DConditionModel unet, NDManager scope) {

  /**
   * The UNet with what a request asks of it.
   *
   * @param context of the request's start, which knows how masks are framed
   * @param pictures what it attends to of the request's image prompts, in their order
   */
  Denoiser denoiser(
      StartContext context,
      PromptEmbeds embeds,
      TimeIds ids,
      List<NDArray> pictures,
      MultiControlNet controlNets,
      AdapterFeatures adapter) {
    Request request = context.request();
    Guidance guidance = request.sampling().guidance();
    UNetConditioning conditioning =
        unet.condition(
            request.source() instanceof PictureSource.Edited
                ? edit(embeds, ids)
                : input(embeds, ids));
    try {
      attend(conditioning, context, pictures);
      guidance.perturbed().ifPresent(own -> unet.perturb(conditioning, own.layers()));
    } catch (RuntimeException e) {
      conditioning.close();
      throw e;
    }
    return new Denoiser(
        kernels,
        unet,
        conditioning,
        embeds.negative().isPresent(),
        guidance,
        request.embedsGuidanceScale()
            ? guidanceScaleEmbedding(guidance, conditioning.batch())
            : Optional.empty(),
        controlNets,
        adapter,
        request.freeU());
  }

  private void attend(UNetConditioning conditioning, StartContext context, List<NDArray> pictures) {
    for (int i = 0; i < pictures.size(); i++) {
      ImagePrompt prompt = context.request().imagePrompts().get(i);
      try (NDManager own = scope.newSubManager()) {
        Optional<PictureMask> mask = prompt.mask().map(raster -> mask(own, raster, context));
        PictureTokens tokens = new PictureTokens(pictures.get(i), prompt.scale(), mask);
        prompt.adapter().addTo(conditioning, unet.config(), tokens);
      }
    }
  }

  /** Framed as a mask of inpainting is where the whole picture is painted. */
  private static PictureMask mask(NDManager owner, Raster raster, StartContext context) {
    Resizing framing = Resizing.stretched(context.request().size());
    NDArray mask = context.processor().preprocessMask(owner, raster, framing);
    return new PictureMask(mask, context.shape().get(2), context.shape().get(3));
  }

  private TextTime input(PromptEmbeds embeds, TimeIds ids) {
    return embeds
        .negative()
        .map(negative -> both(negative, embeds.positive(), ids))
        .orElseGet(() -> one(embeds.positive(), ids));
  }

  /** The negative prompt counts twice: with the picture and without. */
  private TextTime edit(PromptEmbeds embeds, TimeIds ids) {
    TextTime positive = one(embeds.positive(), ids);
    return embeds
        .negative()
        .map(
            negative -> {
              TextTime other = negative(negative, ids);
              return rows(rows(positive, other), other);
            })
        .orElse(positive);
  }

  /**
   * The request's ControlNets, each with its view of text and pictures. In guess mode they steer
   * the conditional half alone, as networks that pool their residuals do but in inpainting and
   * beside perturbed attention, which has no guess mode.
   *
   * @param context of the request's start, which knows how pictures are framed
   */
  MultiControlNet controlNets(StartContext context, PromptEmbeds embeds, TimeIds ids, int steps) {
    Request request = context.request();
    boolean doClassifierFreeGuidance = embeds.negative().isPresent();
    boolean perturbed = request.sampling().guidance().perturbed().isPresent();
    boolean guessMode = !perturbed && (request.guessMode() || pools(request));
    MultiControlNet controlNets =
        new MultiControlNet(kernels, doClassifierFreeGuidance, guessMode, steps);
    try {
      for (Control control : request.controls()) {
        control.net().check(unet.config(), context.components().vae().config());
        TextTime input = guessMode ? one(embeds.positive(), ids) : input(embeds, ids);
        List<NDArray> seen =
            control.images().stream()
                .map(image -> seen(context, control.net(), image.raster()))
                .toList();
        ControlNetConditioning view = control.net().model().condition(input, seen, control.modes());
        controlNets.add(control, view);
        if (perturbed) {
          view.text().repeatLast(kernels);
        }
      }
      return controlNets;
    } catch (RuntimeException e) {
      controlNets.close();
      throw e;
    }
  }

  private NDArray seen(StartContext context, ControlNet net, Raster picture) {
    try (NDManager own = scope.newSubManager()) {
      NDArray image = context.processor().preprocessControl(own, picture, context.framing());
      return net.model().see(scope, image);
    }
  }

  /**
   * What the request's T2I-Adapters make of their pictures, which are the request's to close.
   *
   * @param steps as {@link PreparedScheduler#counted}
   */
  AdapterFeatures adapterFeatures(StartContext context, int steps) {
    Request request = context.request();
    if (request.adapterImages().isEmpty()) {
      return AdapterFeatures.NONE;
    }
    List<NDArray> sum = List.of();
    for (AdapterImage input : request.adapterImages().all()) {
      int factor = context.components().vae().config().vaeScaleFactor();
      input.adapter().check(unet.config(), factor, request.size());
      List<NDArray> features = features(context, input);
      sum = sum.isEmpty() ? features : sum(sum, features);
    }
    return new AdapterFeatures(sum, request.adapterImages().steered(steps));
  }

  private List<NDArray> features(StartContext context, AdapterImage input) {
    try (NDManager own = scope.newSubManager()) {
      Raster picture = input.adapter().config().isGrey() ? input.image().gray() : input.image();
      NDArray image = context.processor().preprocessAdapterImage(own, picture, context.framing());
      return input.adapter().features(scope, image, input.scale());
    }
  }

  private List<NDArray> sum(List<NDArray> one, List<NDArray> other) {
    List<NDArray> sums = kernels.tensors(scope, "pairwise_sums", one, other);
    one.forEach(NDArray::close);
    other.forEach(NDArray::close);
    return sums;
  }

  private static boolean pools(Request request) {
    return !(request.source() instanceof PictureSource.Masked)
        && request.controls().stream()
            .findFirst()
            .map(first -> first.net().model().config().globalPoolConditions())
            .orElse(false);
  }

  private TextTime one(TextConditioning text, TimeIds ids) {
    return new TextTime(text.embeds(), text.pooled(), row(ids.positive()));
  }

  private TextTime both(TextConditioning negative, TextConditioning positive, TimeIds ids) {
    return rows(negative(negative, ids), one(positive, ids));
  }

  private TextTime negative(TextConditioning text, TimeIds ids) {
    return new TextTime(text.embeds(), text.pooled(), row(ids.negative()));
  }

  private TextTime rows(TextTime first, TextTime second) {
    return new TextTime(
        rows(first.encoderHiddenStates(), second.encoderHiddenStates()),
        rows(first.textEmbeds(), second.textEmbeds()),
        rows(first.timeIds(), second.timeIds()));
  }

  private NDArray row(float[] values) {
    return scope.create(values, new Shape(1, values.length));
  }

  private NDArray rows(NDArray first, NDArray second) {
    return kernels.tensor(scope, "joined", List.of(first, second), 0);
  }

  /** diffusers: {@code get_guidance_scale_embedding}, for models with time_cond_proj_dim. */
  private Optional<NDArray> guidanceScaleEmbedding(Guidance guidance, long rows) {
    OptionalInt width = unet.config().time().condProjDim();
    if (width.isEmpty()) {
      return Optional.empty();
    }
    NDArray scale = scope.create(new float[] {(float) (guidance.guidanceScale() - 1)});
    NDArray scales = kernels.tensor(scope, "repeated", scale, rows);
    return Optional.of(kernels.tensor(scope, "guidance_scale_embedding", scales, width.getAsInt()));
  }
}

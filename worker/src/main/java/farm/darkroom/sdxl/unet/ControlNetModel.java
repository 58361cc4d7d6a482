package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.Weights;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * diffusers' ControlNetModel for SDXL: a copy of the UNet's way down that sees a control image too,
 * and whose outputs are added to the UNet's skip connections; and its ControlNetUnionModel, which
 * is told the kind of image. Not thread-safe.
 */
public final class ControlNetModel {
  private final ControlNetConfig config;
  private final Kernels kernels;
  private final Weights weights;
  private final UNetEncoder encoder;
  private final WeightGroup imageEmbedding;
  private final WeightGroup residuals;
  private final Optional<ControlNetUnion> union;

  /** The weights still belong to the caller. */
  public ControlNetModel(ControlNetConfig config, Kernels kernels, Weights weights) {
    this.config = config;
    this.kernels = kernels;
    this.weights = weights;
    this.encoder = new UNetEncoder(config.encoder());
    this.imageEmbedding = ControlNetGroups.imageEmbedding(config);
    this.residuals = ControlNetGroups.residuals(config.encoder());
    this.union = union(config);
  }

  private static Optional<ControlNetUnion> union(ControlNetConfig config) {
    return config.union().map(own -> new ControlNetUnion(own, config.encoder()));
  }

  public ControlNetConfig config() {
    return config;
  }

  /** Every tensor that the model has: what a job holds once, then what each step holds. */
  public List<WeightGroup> groups() {
    return groups(config);
  }

  /** The weight groups of a model before it is opened. */
  public static List<WeightGroup> groups(ControlNetConfig config) {
    UNetEncoder encoder = new UNetEncoder(config.encoder());
    List<WeightGroup> groups = new ArrayList<>(encoder.conditioningGroups(encoder.attentions()));
    groups.add(ControlNetGroups.imageEmbedding(config));
    union(config).ifPresent(own -> groups.addAll(List.of(own.types(), own.fusion())));
    groups.addAll(encoder.groups());
    groups.add(ControlNetGroups.residuals(config.encoder()));
    return groups;
  }

  /**
   * Computes once per job what a control image becomes: {@code [1 or n, channels, h, w]} in compute
   * dtype, at the latents' size.
   *
   * @param image float32 {@code [1 or n, channels, height, width]} in pixels, 0 to 1, red first
   * @throws SdxlException for an image of another shape
   */
  public NDArray see(NDManager owner, NDArray image) {
    checkImage(image.getShape());
    int halvings = config.embeddingChannels().size() - 1;
    return UNetPass.run(
        kernels, weights, owner, "control_image", imageEmbedding, image, halvings, config.bgr());
  }

  /**
   * Computes once per job what the text and the sizes become; the caller closes it.
   *
   * @param seen what {@link #see} gives of the control image, or of several for a union; closed
   *     with the conditioning
   * @param controlModes the kind of each, for a union; else empty
   * @throws SdxlException as {@link ControlNetConfig#check}
   */
  public ControlNetConditioning condition(
      TextTime input, List<NDArray> seen, List<Integer> controlModes) {
    config.check(controlModes);
    UNetConditioning text = encoder.condition(encoder.attentions(), kernels, weights, input);
    try {
      union.ifPresent(own -> text.addEmbedding(typed(own, text, controlModes)));
      return new ControlNetConditioning(text, seen, controlModes);
    } catch (RuntimeException e) {
      text.close();
      throw e;
    }
  }

  private NDArray typed(ControlNetUnion own, UNetConditioning text, List<Integer> controlModes) {
    return own.withTypes(kernels, weights, text, text.addEmbedding(), controlModes);
  }

  private void checkImage(Shape shape) {
    int factor = config.scaleFactor();
    if (shape.get(1) != config.conditioningChannels()
        || shape.get(2) % factor != 0
        || shape.get(3) % factor != 0) {
      throw new SdxlException(
          "a control image is %s; expected [1 or n, %d, height, width], both multiples of %d"
              .formatted(shape, config.conditioningChannels(), factor));
    }
  }

  /**
   * One step's residuals in compute dtype, which belong to {@code owner}.
   *
   * @param sample scaled noisy latents, float32 {@code [n, in_channels, h, w]}
   * @param scale {@code controlnet_conditioning_scale}, times 0 or 1 by guidance start and end;
   *     that of images counts for a union
   * @param guessMode weakens the residuals towards full resolution, 0.1 to 1
   */
  public ControlResiduals forward(
      NDManager owner,
      NDArray sample,
      double timestep,
      ControlNetConditioning conditioning,
      ControlScale scale,
      boolean guessMode) {
    try (NDManager scope = kernels.manager().newSubManager()) {
      UNetPass pass =
          encoder.pass(kernels, weights, scope, conditioning.text(), timestep, Optional.empty());
      NDArray x = encoder.convIn(sample, pass);
      NDArray start = start(pass, x, conditioning, scale.images());
      Deque<NDArray> skips = encoder.down(start, List.of(), pass);
      NDArray middle = encoder.middle(skips.getLast(), List.of(), pass);
      List<NDArray> outputs = new ArrayList<>(skips);
      outputs.add(middle);
      return ControlResiduals.of(residuals(owner, outputs, scale.residuals(), guessMode));
    }
  }

  private NDArray start(
      UNetPass pass, NDArray x, ControlNetConditioning conditioning, List<Double> scales) {
    List<NDArray> images = conditioning.images();
    return union
        .map(own -> own.fused(pass, x, images, conditioning.controlModes(), scales))
        .orElseGet(() -> kernels.tensor(pass.scope(), "add_residual", x, images.get(0)));
  }

  private List<NDArray> residuals(
      NDManager owner, List<NDArray> outputs, double scale, boolean guessMode) {
    double[] scales = new double[outputs.size()];
    boolean graded = guessMode && !config.globalPoolConditions();
    for (int i = 0; i < scales.length; i++) {
      double grade = graded ? Math.pow(10, (double) i / (scales.length - 1) - 1) : 1;
      scales[i] = scale * grade;
    }
    try (Weights.Hold hold = weights.hold(residuals)) {
      return kernels.tensors(
          owner, "control_residuals", hold.dict(), outputs, scales, config.globalPoolConditions());
    }
  }
}

package farm.darkroom.sdxl.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.Weights;
import java.util.List;

/**
 * diffusers' ImageProjection: {@code image_embeds} become four tokens by a linear layer and a norm.
 * For no picture they are zeros.
 *
 * @param features {@code projection_dim} of the encoder
 */
record ImageProjection(int features, int width) implements TokenProjection {
  private static final int TOKENS = 4;

  static ImageProjection of(Checkpoint adapter) {
    return new ImageProjection(
        TokenProjection.size(adapter, "proj.weight", 1),
        TokenProjection.size(adapter, "proj.weight", 0) / TOKENS);
  }

  @Override
  public int features(CLIPVisionConfig encoder) {
    return encoder.projectionDim();
  }

  @Override
  public String featuresKey() {
    return "projection_dim";
  }

  @Override
  public int tokens() {
    return TOKENS;
  }

  @Override
  public List<WeightGroup> groups() {
    return List.of(group());
  }

  private WeightGroup group() {
    return WeightGroup.of(PATH)
        .linear("proj", features, (long) TOKENS * width)
        .norm("norm", width)
        .build();
  }

  @Override
  public NDArray tokens(ImageEncoder encoder, Weights weights, NDManager owner, NDArray pixels) {
    try (NDArray embeds = encoder.imageEmbeds(owner, pixels)) {
      return projected(encoder.kernels(), weights, owner, embeds);
    }
  }

  @Override
  public NDArray emptyTokens(ImageEncoder encoder, Weights weights, NDManager owner) {
    try (NDArray zeros = owner.zeros(new Shape(1, features))) {
      return projected(encoder.kernels(), weights, owner, zeros);
    }
  }

  private NDArray projected(Kernels kernels, Weights weights, NDManager owner, NDArray embeds) {
    try (Weights.Hold hold = weights.hold(group())) {
      return kernels.tensor(owner, "image_projection", hold.dict(), embeds, TOKENS);
    }
  }
}

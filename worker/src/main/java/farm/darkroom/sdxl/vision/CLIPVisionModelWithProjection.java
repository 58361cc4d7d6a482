package farm.darkroom.sdxl.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.text.CLIPEncoderLayer;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.sdxl.vae.Resizing;
import farm.darkroom.sdxl.weights.Layout;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightSpec;
import farm.darkroom.sdxl.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * transformers' CLIPVisionModelWithProjection: patches and their positions, pre-norm transformer
 * blocks, a projection of the first token. Groups: the embeddings, one per block, the projection.
 */
public record CLIPVisionModelWithProjection(CLIPVisionConfig config) {
  private static final String PREFIX = "vision_model";

  /** The encoder of a folder with config.json. */
  public static CLIPVisionModelWithProjection of(Component component) {
    return new CLIPVisionModelWithProjection(CLIPVisionConfig.of(component));
  }

  /** The weights that the file must contain, in the order of use. */
  public List<WeightGroup> groups() {
    List<WeightGroup> groups = new ArrayList<>();
    groups.add(embeddings());
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      groups.add(layer(i).group());
    }
    groups.add(head());
    return List.copyOf(groups);
  }

  private WeightGroup embeddings() {
    long width = config.hiddenSize();
    long side = config.patchSize();
    return WeightGroup.of(PREFIX)
        .tensor("embeddings.class_embedding", Layout.PLAIN, width)
        .tensor("embeddings.patch_embedding.weight", Layout.PLAIN, width, 3, side, side)
        .tensor("embeddings.position_embedding.weight", Layout.PLAIN, config.positions(), width)
        .norm("pre_layrnorm", width)
        .build();
  }

  private CLIPEncoderLayer layer(int index) {
    return new CLIPEncoderLayer(
        PREFIX + ".encoder.layers." + index,
        config.hiddenSize(),
        config.intermediateSize(),
        config.numAttentionHeads(),
        config.hiddenAct(),
        config.layerNormEps(),
        false);
  }

  /** Norm and projection lie apart in the file, but are used together. */
  private WeightGroup head() {
    Stream<WeightSpec> norm =
        WeightGroup.of(PREFIX)
            .norm("post_layernorm", config.hiddenSize())
            .build()
            .weights()
            .stream();
    Stream<WeightSpec> linear =
        WeightGroup.of("")
            .linearNoBias("visual_projection", config.hiddenSize(), config.projectionDim())
            .build()
            .weights()
            .stream();
    return new WeightGroup("visual_projection", Stream.concat(norm, linear).toList());
  }

  /**
   * What the encoder sees of a picture, RGB, {@code image_size} by {@code image_size}.
   *
   * @throws farm.darkroom.sdxl.SdxlException as {@link Resizing#middle}
   */
  public Raster middle(Raster picture) {
    return Resizing.middle(picture, config.imageSize());
  }

  /** That as the encoder takes it, {@code [1, 3, image_size, image_size]}, float32. */
  public NDArray preprocess(Kernels kernels, NDManager owner, Raster middle) {
    return new CLIPImageProcessor(kernels).preprocess(owner, middle);
  }

  /** The input that diffusers takes for no picture: zeros. */
  NDArray nothing(NDManager owner) {
    return owner.zeros(new Shape(1, 3, config.imageSize(), config.imageSize()));
  }

  /** {@code image_embeds [1, projection_dim]} of preprocessed pixels, in compute dtype. */
  NDArray imageEmbeds(Kernels kernels, Weights weights, NDManager owner, NDArray pixels) {
    try (NDManager scope = owner.newSubManager();
        NDArray last = state(kernels, weights, scope, pixels, config.numHiddenLayers());
        Weights.Hold hold = weights.hold(head())) {
      return kernels.tensor(owner, "clip_image_embeds", last, hold.dict(), config.layerNormEps());
    }
  }

  /**
   * {@code hidden_states[-2] [1, positions, hidden_size]}: the output of the last block but one.
   */
  NDArray penultimate(Kernels kernels, Weights weights, NDManager owner, NDArray pixels) {
    return state(kernels, weights, owner, pixels, config.numHiddenLayers() - 1);
  }

  /** The output of that many blocks. */
  private NDArray state(
      Kernels kernels, Weights weights, NDManager owner, NDArray pixels, int blocks) {
    NDArray x;
    try (Weights.Hold hold = weights.hold(embeddings())) {
      x =
          kernels.tensor(
              owner,
              "clip_patches",
              hold.dict(),
              pixels,
              config.patchSize(),
              config.layerNormEps());
    }
    for (int i = 0; i < blocks; i++) {
      CLIPEncoderLayer layer = layer(i);
      try (NDArray before = x;
          Weights.Hold hold = weights.hold(layer.group())) {
        x = layer.forward(kernels, owner, before, hold.dict());
      }
    }
    return x;
  }
}

package farm.darkroom.sdxl.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.torch.TensorDict;
import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.Layout;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightSpec;
import farm.darkroom.sdxl.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * transformers' CLIPTextModel and, with {@code projection}, CLIPTextModelWithProjection: token and
 * position embeddings, pre-norm transformer blocks with a causal mask, a final norm. Groups: the
 * embeddings, one per block, and the final norm with {@code text_projection} if there is one.
 *
 * @param prefix of the tensor names: {@code text_model.}, or nothing in files without it
 */
public record CLIPTextModel(CLIPTextConfig config, boolean projection, String prefix) {
  private static final String PREFIX = "text_model.";

  /** The encoder of a snapshot; model_index.json says whether it projects. */
  public static CLIPTextModel of(Snapshot snapshot, Component component) {
    CLIPTextConfig config = CLIPTextConfig.of(component);
    String kind = snapshot.index().path(component.name()).path(1).asText();
    return switch (kind) {
      case "CLIPTextModel" -> new CLIPTextModel(config, false, prefix(component.checkpoint()));
      case "CLIPTextModelWithProjection" ->
          new CLIPTextModel(config, true, prefix(component.checkpoint()));
      default ->
          throw new SdxlException(
              snapshot.indexFile()
                  + ": "
                  + component.name()
                  + " is \""
                  + kind
                  + "\"; CLIPTextModel or CLIPTextModelWithProjection is expected");
    };
  }

  private static String prefix(Checkpoint checkpoint) {
    return checkpoint.find("embeddings.token_embedding.weight").isPresent() ? "" : PREFIX;
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
    return WeightGroup.of(prefix + "embeddings")
        .tensor("token_embedding.weight", Layout.PLAIN, config.vocabSize(), width)
        .tensor("position_embedding.weight", Layout.PLAIN, config.maxPositionEmbeddings(), width)
        .build();
  }

  CLIPEncoderLayer layer(int index) {
    return new CLIPEncoderLayer(
        prefix + "encoder.layers." + index,
        config.hiddenSize(),
        config.intermediateSize(),
        config.numAttentionHeads(),
        config.activation(),
        config.layerNormEps(),
        true);
  }

  /** The final norm and the projection lie apart in the file, but are used together. */
  private WeightGroup head() {
    long width = config.hiddenSize();
    WeightGroup norm =
        WeightGroup.of("", prefix.replace(".", "")).norm("final_layer_norm", width).build();
    List<WeightSpec> weights = new ArrayList<>(norm.weights());
    if (projection) {
      WeightGroup.Builder linear = WeightGroup.of("");
      linear.linearNoBias("text_projection", width, config.projectionDim());
      weights.addAll(linear.build().weights());
    }
    return new WeightGroup(prefix + "final_layer_norm", weights);
  }

  /**
   * Encodes prompts one by one, each exactly as if it were alone; a block's weights are held once
   * for all of them.
   *
   * @param added vectors {@code [n, hidden_size]} of the ids from {@code vocab_size} up
   * @return for each input, tensors that belong to {@code owner}
   */
  List<CLIPTextModelOutput> forward(
      Kernels kernels,
      Weights weights,
      NDManager owner,
      List<TextInput> inputs,
      Optional<NDArray> added) {
    List<EncoderPass> passes =
        inputs.stream().map(input -> new EncoderPass(this, kernels, owner, input)).toList();
    try (NDManager scope = kernels.manager().newSubManager()) {
      holding(
          weights, embeddings(), dict -> passes.forEach(pass -> pass.embed(dict, added, scope)));
      for (int i = 0; i < config.numHiddenLayers(); i++) {
        int index = i;
        if (passes.stream().anyMatch(pass -> pass.needs(index))) {
          holding(
              weights,
              layer(i).group(),
              dict -> passes.forEach(pass -> pass.layer(index, dict, scope)));
        }
      }
      if (projection) {
        holding(weights, head(), dict -> passes.forEach(pass -> pass.project(dict)));
      }
    }
    return passes.stream().map(EncoderPass::output).toList();
  }

  private static void holding(Weights weights, WeightGroup group, Consumer<TensorDict> use) {
    try (Weights.Hold hold = weights.hold(group)) {
      use.accept(hold.dict());
    }
  }

  /**
   * The position whose state is the pooled output: the first end token or, by the legacy rule of
   * configs whose {@code eos_token_id} is 2, the highest id. With that rule, and the published SDXL
   * has it, an added word takes the place of the end token, as it does in diffusers.
   */
  int pooledPosition(long[] ids) {
    int highest = 0;
    for (int i = 0; i < ids.length; i++) {
      if (!config.legacyEos() && ids[i] == config.eosTokenId()) {
        return i;
      }
      highest = ids[i] > ids[highest] ? i : highest;
    }
    return config.legacyEos() ? highest : 0;
  }
}

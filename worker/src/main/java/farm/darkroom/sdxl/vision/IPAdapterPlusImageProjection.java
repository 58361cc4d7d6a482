package farm.darkroom.sdxl.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.Layout;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * diffusers' IPAdapterPlusImageProjection, the resampler of IP-Adapter Plus: learnt queries look
 * four times at the encoder's last hidden states but one, and become the tokens. No picture is a
 * picture of zeros.
 *
 * @param features {@code hidden_size} of the encoder
 * @param inner width of the queries
 * @param attention width of all heads of an attention together, 64 each
 * @param tokens number of queries
 */
record IPAdapterPlusImageProjection(int features, int inner, int attention, int tokens, int width)
    implements TokenProjection {
  private static final int DEPTH = 4;
  private static final String QUERY = "layers.0.0.to_q.weight";
  private static final int FEED_FORWARD = 4;

  static IPAdapterPlusImageProjection of(Checkpoint adapter) {
    int inner = TokenProjection.size(adapter, "latents", 2);
    boolean known = adapter.find(PATH + "." + QUERY).isPresent();
    return new IPAdapterPlusImageProjection(
        TokenProjection.size(adapter, "proj_in.weight", 1),
        inner,
        known ? TokenProjection.size(adapter, QUERY, 0) : inner,
        TokenProjection.size(adapter, "latents", 1),
        TokenProjection.size(adapter, "proj_out.weight", 0));
  }

  @Override
  public int features(CLIPVisionConfig encoder) {
    return encoder.hiddenSize();
  }

  @Override
  public String featuresKey() {
    return "hidden_size";
  }

  @Override
  public List<WeightGroup> groups() {
    List<WeightGroup> groups = new ArrayList<>();
    groups.add(in());
    IntStream.range(0, DEPTH).forEach(i -> groups.add(layer(i)));
    groups.add(out());
    return groups;
  }

  private WeightGroup in() {
    return WeightGroup.of(PATH + ".in", PATH)
        .tensor("latents", Layout.PLAIN, 1, tokens, inner)
        .linear("proj_in", features, inner)
        .build();
  }

  private WeightGroup layer(int index) {
    long hidden = (long) FEED_FORWARD * inner;
    return WeightGroup.of(PATH + ".layers." + index)
        .norm("0.norm1", inner)
        .norm("0.norm2", inner)
        .linearNoBias("0.to_q", inner, attention)
        .linearNoBias("0.to_kv", inner, 2L * attention)
        .linearNoBias("0.to_out", attention, inner)
        .norm("1.0", inner)
        .linearNoBias("1.1", inner, hidden)
        .linearNoBias("1.3", hidden, inner)
        .build();
  }

  private WeightGroup out() {
    return WeightGroup.of(PATH + ".out", PATH)
        .linear("proj_out", inner, width)
        .norm("norm_out", width)
        .build();
  }

  @Override
  public NDArray tokens(ImageEncoder encoder, Weights weights, NDManager owner, NDArray pixels) {
    Kernels kernels = encoder.kernels();
    try (NDManager scope = owner.newSubManager()) {
      NDArray states = encoder.penultimate(scope, pixels);
      NDArray seen;
      NDArray latents;
      try (Weights.Hold hold = weights.hold(in())) {
        seen = kernels.tensor(scope, "resampler_in", hold.dict(), states);
        latents = kernels.tensor(scope, "resampler_latents", hold.dict(), 1);
      }
      for (int i = 0; i < DEPTH; i++) {
        try (Weights.Hold hold = weights.hold(layer(i))) {
          latents = kernels.tensor(scope, "resampler_layer", hold.dict(), seen, latents);
        }
      }
      try (Weights.Hold hold = weights.hold(out())) {
        return kernels.tensor(owner, "resampler_out", hold.dict(), latents);
      }
    }
  }

  @Override
  public NDArray emptyTokens(ImageEncoder encoder, Weights weights, NDManager owner) {
    try (NDArray nothing = encoder.model().nothing(owner)) {
      return tokens(encoder, weights, owner, nothing);
    }
  }
}

package farm.darkroom.sdxl.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.StoredTensor;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.Weights;
import java.util.List;

/** The part of an IP-Adapter that turns what the image encoder says into tokens. */
public sealed interface TokenProjection permits ImageProjection, IPAdapterPlusImageProjection {
  /** Where it lies in the file. */
  String PATH = "image_proj";

  /**
   * The projection of a file, by the names and shapes of its tensors.
   *
   * @throws SdxlException for a kind that is not read
   */
  static TokenProjection of(Checkpoint adapter) {
    if (has(adapter, "proj.weight")
        && has(adapter, "norm.weight")
        && !has(adapter, "proj.0.weight")) {
      return ImageProjection.of(adapter);
    }
    if (has(adapter, "latents")
        && has(adapter, "proj_in.weight")
        && has(adapter, "proj_out.weight")) {
      return IPAdapterPlusImageProjection.of(adapter);
    }
    throw new SdxlException(
        "%s: an IP-Adapter that is not read (FaceID and full-face ones are not); expected: %s.proj or %s.latents"
            .formatted(adapter.files().get(0), PATH, PATH));
  }

  private static boolean has(Checkpoint adapter, String key) {
    return adapter.find(PATH + "." + key).isPresent();
  }

  /**
   * The size of a tensor along a dimension.
   *
   * @throws SdxlException where it has no such dimension
   */
  static int size(Checkpoint adapter, String key, int dimension) {
    StoredTensor tensor = adapter.find(PATH + "." + key).orElseThrow();
    if (tensor.shape().size() <= dimension) {
      throw new SdxlException(
          "%s: %s is %s, expected %d dimensions or more"
              .formatted(adapter.files().get(0), tensor.name(), tensor.shape(), dimension + 1));
    }
    return Math.toIntExact(tensor.shape().get(dimension));
  }

  /** Width of what it takes from the encoder. */
  int features();

  /** The width that an encoder has for it. */
  int features(CLIPVisionConfig encoder);

  /** Its key in the encoder's config. */
  String featuresKey();

  /** Tokens that a picture becomes. */
  int tokens();

  /** Width of a token: the {@code cross_attention_dim} of the UNet that it is for. */
  int width();

  /** The weights that the file must contain, in the order of use. */
  List<WeightGroup> groups();

  /**
   * A picture's tokens.
   *
   * @return {@code [1, tokens, width]} in compute dtype
   */
  NDArray tokens(ImageEncoder encoder, Weights weights, NDManager owner, NDArray pixels);

  /**
   * The tokens of no picture, for the negative half of guidance.
   *
   * @return as {@link #tokens}
   */
  NDArray emptyTokens(ImageEncoder encoder, Weights weights, NDManager owner);
}

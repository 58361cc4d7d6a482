package farm.darkroom.sdxl.text;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Learned embeddings that a word stands for, from a safetensors file with {@code clip_l} for
 * text_encoder and {@code clip_g} for text_encoder_2, each {@code [vectors, hidden_size]} or {@code
 * [hidden_size]}.
 *
 * @param token the word in prompts
 */
public record TextualInversion(String token, Checkpoint file) {
  private static final Map<String, String> KEYS =
      Map.of("text_encoder", "clip_l", "text_encoder_2", "clip_g");

  /**
   * Maps the file.
   *
   * @throws SdxlException listing every tensor that is neither clip_l nor clip_g
   */
  public static TextualInversion open(Path file, String token) {
    Checkpoint checkpoint = Checkpoint.open("embedding " + token, List.of(file));
    Set<String> unknown = new TreeSet<>(checkpoint.tensors().keySet());
    unknown.removeAll(KEYS.values());
    if (!unknown.isEmpty() || checkpoint.tensors().isEmpty()) {
      throw new SdxlException(
          file + ": found " + unknown + "; an SDXL embedding has clip_l and clip_g");
    }
    return new TextualInversion(token, checkpoint);
  }

  /** Whether the file has vectors for an encoder. */
  public static boolean isOne(Path file) {
    try {
      return SafetensorsFile.list(file).keySet().stream().anyMatch(KEYS::containsValue);
    } catch (SdxlException e) {
      return false;
    }
  }

  /** The tensor's name for an encoder of this name in snapshots. */
  static String key(String encoder) {
    return KEYS.get(encoder);
  }

  /**
   * The vectors for an encoder.
   *
   * @param encoder its name in snapshots
   * @throws SdxlException when there are none, or they are of another width than the encoder's
   */
  StoredTensor vectors(String encoder, CLIPTextConfig config) {
    int width = config.hiddenSize();
    Path path = file.files().get(0);
    String key = KEYS.get(encoder);
    StoredTensor tensor =
        file.find(key)
            .orElseThrow(
                () -> new SdxlException("%s: no %s, which %s needs".formatted(path, key, encoder)));
    List<Long> shape = tensor.shape();
    boolean rows = shape.size() == 1 || shape.size() == 2;
    if (!rows || shape.get(shape.size() - 1) != width || tensor.elements() == 0) {
      throw new SdxlException(
          "%s: %s is %s, %s needs [vectors, %d]".formatted(path, key, shape, encoder, width));
    }
    return tensor;
  }
}

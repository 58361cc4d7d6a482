package farm.darkroom.sdxl.text;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * What an encoder makes of one prompt, in float32.
 *
 * @param hiddenState the chosen hidden state {@code [1, tokens, hidden_size]}
 * @param textEmbeds the projected pooled output {@code [1, projection_dim]} of a model with
 *     projection
 */
record CLIPTextModelOutput(NDArray hiddenState, Optional<NDArray> textEmbeds) {}

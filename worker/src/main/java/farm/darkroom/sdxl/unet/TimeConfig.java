package farm.darkroom.sdxl.unet;

import farm.darkroom.sdxl.snapshot.ConfigReader;
import java.util.OptionalInt;

/**
 * The embedding of timestep, pooled text and sizes ({@code addition_embed_type: text_time}).
 *
 * @param channels width of the sinusoids of the timestep
 * @param width of the embedding that resnets receive
 * @param condProjDim {@code time_cond_proj_dim}: width of a guidance embedding (LCM)
 * @param additionTimeEmbedDim width of the sinusoids of each of the {@code time_ids}
 * @param projectionInputDim pooled text and sinusoids of all {@code time_ids} together
 */
public record TimeConfig(
    int channels,
    int width,
    boolean flipSinToCos,
    double freqShift,
    OptionalInt condProjDim,
    int additionTimeEmbedDim,
    int projectionInputDim) {

  static TimeConfig of(ConfigReader json, int channels) {
    return new TimeConfig(
        channels,
        json.integer("time_embedding_dim", 4 * channels),
        json.flag("flip_sin_to_cos", true),
        json.number("freq_shift", 0),
        json.optionalInteger("time_cond_proj_dim"),
        json.integer("addition_time_embed_dim"),
        json.integer("projection_class_embeddings_input_dim"));
  }
}

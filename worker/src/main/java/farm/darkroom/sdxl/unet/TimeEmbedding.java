package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.Weights;
import java.util.List;
import java.util.Optional;

/**
 * The embedding that every resnet receives: sinusoids of the timestep, and of the sizes beside the
 * pooled text, each through two linear layers (diffusers: Timesteps, TimestepEmbedding). Sinusoids
 * are computed in float32 and cast.
 */
final class TimeEmbedding {
  private final TimeConfig config;
  private final WeightGroup time;
  private final WeightGroup add;

  TimeEmbedding(TimeConfig config) {
    this.config = config;
    WeightGroup.Builder builder = WeightGroup.of("time_embedding");
    config.condProjDim().ifPresent(in -> builder.linearNoBias("cond_proj", in, config.channels()));
    this.time = layers(builder, config.channels());
    this.add = layers(WeightGroup.of("add_embedding"), config.projectionInputDim());
  }

  private WeightGroup layers(WeightGroup.Builder builder, int in) {
    return builder
        .linear("linear_1", in, config.width())
        .linear("linear_2", config.width(), config.width())
        .build();
  }

  WeightGroup timeGroup() {
    return time;
  }

  WeightGroup addGroup() {
    return add;
  }

  /** Pooled text and sizes: {@code [n, width]}, not activated. */
  NDArray additional(Kernels kernels, Weights weights, NDManager owner, TextTime input) {
    return UNetPass.run(
        kernels,
        weights,
        owner,
        "add_embedding",
        add,
        input.textEmbeds(),
        input.timeIds(),
        config.additionTimeEmbedDim(),
        config.flipSinToCos(),
        config.freqShift());
  }

  /** The timestep alone: {@code [n, width]}, not activated. */
  NDArray timestep(
      Kernels kernels,
      Weights weights,
      NDManager owner,
      long batch,
      double timestep,
      Optional<NDArray> condition) {
    return UNetPass.run(
        kernels,
        weights,
        owner,
        "time_embedding",
        time,
        batch,
        timestep,
        condition.map(List::of).orElse(List.of()),
        config.channels(),
        config.flipSinToCos(),
        config.freqShift());
  }
}

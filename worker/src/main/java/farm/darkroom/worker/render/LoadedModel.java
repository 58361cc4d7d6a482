package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import farm.darkroom.common.job.SchedulerChoice;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.pipeline.StableDiffusionXLPipeline;
import farm.darkroom.sdxl.schedulers.SchedulerConfig;
import farm.darkroom.sdxl.snapshot.Snapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A model that is open, and what records say of it. For one thread. */
final class LoadedModel implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final StableDiffusionXLPipeline pipeline;
  private final Map<String, Object> schedulerConfig;
  private final CompletableFuture<List<WeightFile>> weights;

  /**
   * @param weights hashed while the first picture renders
   */
  LoadedModel(
      Snapshot snapshot,
      StableDiffusionXLPipeline pipeline,
      CompletableFuture<List<WeightFile>> weights) {
    this.pipeline = requireNonNull(pipeline, "pipeline");
    this.schedulerConfig =
        JSON.convertValue(snapshot.schedulerConfig(), new TypeReference<Map<String, Object>>() {});
    this.weights = requireNonNull(weights, "weights");
  }

  StableDiffusionXLPipeline pipeline() {
    return pipeline;
  }

  List<WeightFile> weights() {
    return weights.join();
  }

  /** The scheduler that a job with this choice gets, with its whole config. */
  SchedulerChoice scheduler(Optional<SchedulerChoice> choice) {
    SchedulerConfig config = SchedulerConfig.of(schedulerConfig, Requests.scheduler(choice));
    SortedMap<String, Object> values = new TreeMap<>();
    config.values().forEach((key, value) -> values.put(key, plain(value)));
    return new SchedulerChoice(config.name(), values);
  }

  private static Object plain(Object value) {
    return value instanceof double[] numbers ? Arrays.stream(numbers).boxed().toList() : value;
  }

  @Override
  public void close() {
    pipeline.close();
  }
}

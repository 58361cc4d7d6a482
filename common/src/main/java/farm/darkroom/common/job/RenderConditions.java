package farm.darkroom.common.job;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where and how a job was rendered: what is needed to get the same bytes again.
 *
 * @param worker the worker's id
 * @param device such as {@code cpu} or {@code cuda:0}, with its model's name where known
 * @param dtype float32, bfloat16 or float16
 * @param residency resident, model or sequential
 * @param threads of the engine
 * @param microBatch how many jobs shared the forward passes, this one included
 * @param versions of the engine's parts by name, such as darkroom, djl and libtorch
 * @param weights the files that were used
 */
public record RenderConditions(
    String worker,
    String device,
    String dtype,
    String residency,
    int threads,
    int microBatch,
    SortedMap<String, String> versions,
    List<WeightFile> weights) {
  private static final JsonType<List<WeightFile>> WEIGHTS =
      JsonTypes.listOf(WeightFile.type(), 0, 1000);

  public RenderConditions {
    requireNonNull(worker, "worker");
    requireNonNull(device, "device");
    requireNonNull(dtype, "dtype");
    requireNonNull(residency, "residency");
    versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    weights = List.copyOf(weights);
  }

  void write(FieldWriter out) {
    out.put("worker", worker)
        .put("device", device)
        .put("dtype", dtype)
        .put("residency", residency)
        .put("threads", threads)
        .put("micro_batch", microBatch)
        .put("versions", versions)
        .put("weights", weights.stream().map(WeightFile::toJson).toList());
  }

  static Optional<RenderConditions> read(Fields f) {
    Optional<String> worker = f.required("worker", RecordTypes.WORD);
    Optional<String> device = f.required("device", RecordTypes.WORD);
    Optional<String> dtype = f.required("dtype", RecordTypes.WORD);
    Optional<String> residency = f.required("residency", RecordTypes.WORD);
    int threads = f.or("threads", JsonTypes.integer(1, 100_000), 1);
    int microBatch = f.or("micro_batch", JsonTypes.integer(1, 100_000), 1);
    SortedMap<String, String> versions =
        f.or("versions", RecordTypes.WORDS, Collections.emptySortedMap());
    List<WeightFile> weights = f.or("weights", WEIGHTS, List.of());
    return f.sound()
        ? Optional.of(
            new RenderConditions(
                worker.orElseThrow(),
                device.orElseThrow(),
                dtype.orElseThrow(),
                residency.orElseThrow(),
                threads,
                microBatch,
                versions,
                weights))
        : Optional.empty();
  }
}

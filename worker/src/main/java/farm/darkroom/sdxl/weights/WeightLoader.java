package farm.darkroom.sdxl.weights;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.torch.TensorDict;
import farm.darkroom.sdxl.torch.UploadBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Brings weight groups of one checkpoint to the device: cast to the compute dtype and laid out as
 * the kernels want them. Thread-safe.
 */
public final class WeightLoader {
  /** Bytes that are copied to a GPU at a time, from memory that is kept for it, twice as much. */
  private static final int STAGED = 16 << 20;

  /** Elements; weights that lie in one piece of memory begin at multiples. */
  private static final long ALIGNED = 128;

  private final Checkpoint checkpoint;
  private final Kernels kernels;
  private final Precision precision;
  private final WeightPatch patch;

  /** The weights as they are stored. */
  public WeightLoader(Checkpoint checkpoint, Kernels kernels, Dtype dtype) {
    this(checkpoint, kernels, Precision.of(dtype), WeightPatch.NONE);
  }

  /** The weights as {@code patch} leaves them. */
  public WeightLoader(
      Checkpoint checkpoint, Kernels kernels, Precision precision, WeightPatch patch) {
    this.checkpoint = checkpoint;
    this.kernels = kernels;
    this.precision = precision;
    this.patch = patch;
  }

  /** A copy of the group's weights on the device; the caller closes it. */
  public TensorDict load(WeightGroup group) {
    return loading(group).get();
  }

  /**
   * A load that has begun: it is ended once, on any thread, or given up by closing it.
   *
   * @param end frees what was reserved
   * @param giveUp frees it too
   */
  record Loading(Supplier<TensorDict> end, Runnable giveUp)
      implements Supplier<TensorDict>, AutoCloseable {

    @Override
    public TensorDict get() {
      return end.get();
    }

    @Override
    public void close() {
      giveUp.run();
    }
  }

  /** Begins to load the group, between kernels of the calling thread. */
  Loading loading(WeightGroup group) {
    if (!kernels.onGpu()) {
      return new Loading(() -> materialised(group), () -> {});
    }
    UploadBuffer room = kernels.reserve(elements(group), precision.dtype());
    return new Loading(() -> sent(group, room), room::close);
  }

  private TensorDict materialised(WeightGroup group) {
    try (NDManager scope = kernels.manager().newSubManager()) {
      Map<String, NDArray> raw = raw(group, scope, scope);
      return kernels.dict(
          "materialise",
          raw,
          keys(group, weight -> packs(weight) && laid(weight, Layout.LINEAR), raw),
          keys(group, weight -> packs(weight) && laid(weight, Layout.GATED), raw),
          keys(group, weight -> laid(weight, Layout.CONVOLUTION), raw),
          keys(group, weight -> laid(weight, Layout.TILES_OF_2), raw),
          keys(group, weight -> laid(weight, Layout.TILES_OF_4), raw),
          keys(group, weight -> laid(weight, Layout.ENLARGED), raw),
          keys(group, precision.quantisation()::takes, raw),
          kernels.int8Levels(),
          precision.dtype().scalarType());
    }
  }

  /**
   * To a GPU: what is mapped goes there through memory that the GPU reads by itself, what a patch
   * changes is worked out there.
   */
  private TensorDict sent(WeightGroup group, UploadBuffer room) {
    try (room;
        NDManager device = kernels.manager().newSubManager();
        NDManager host = device.newSubManager(Device.cpu())) {
      Map<String, NDArray> raw = raw(group, host, device);
      return sent(raw, keys(group, weight -> weight.layout().isConvolution(), raw), room);
    }
  }

  private TensorDict sent(
      Map<String, NDArray> raw, Map<String, NDArray> convolutions, UploadBuffer room) {
    try {
      return kernels.dict(
          "sent",
          raw,
          convolutions,
          room.memory(),
          room.stream(),
          STAGED / precision.dtype().bytes());
    } catch (RuntimeException | Error e) {
      try {
        kernels.abandon(room);
      } catch (RuntimeException | Error again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /** Elements of the room for a group: as {@code placed} in {@code kernels/transfer.py}. */
  private long elements(WeightGroup group) {
    Map<String, Long> elements = new LinkedHashMap<>();
    group.weights().forEach(w -> elements.merge(w.key(), w.elements(), Long::sum));
    missingBiases(group)
        .forEach(
            (key, layers) -> {
              if (isGiven(layers)) {
                elements.put(key, layers.stream().mapToLong(w -> w.shape().get(0)).sum());
              }
            });
    return elements.values().stream().mapToLong(n -> (n + ALIGNED - 1) / ALIGNED * ALIGNED).sum();
  }

  /**
   * The group's tensors and those parts of them that are to be joined, as they are stored.
   *
   * @param host owns those over mapped bytes
   * @param device owns those that a patch changes
   */
  private Map<String, NDArray> raw(WeightGroup group, NDManager host, NDManager device) {
    Map<String, NDArray> raw = new LinkedHashMap<>();
    for (WeightSpec weight : group.weights()) {
      NDManager scope = patch.changes(weight.tensor()) ? device : host;
      raw.put(part(weight.key(), raw), mapped(weight, scope));
    }
    missingBiases(group).forEach((key, layers) -> give(key, layers, raw, device));
    return raw;
  }

  /** The key, or where it is taken the key of the next part to join: {@code key+1}, ... */
  private static String part(String key, Map<String, NDArray> raw) {
    String part = key;
    for (int i = 1; raw.containsKey(part); i++) {
      part = key + "+" + i;
    }
    return part;
  }

  /** The linear layers without a bias, by the key that it would have. */
  private static Map<String, List<WeightSpec>> missingBiases(WeightGroup group) {
    Map<String, List<WeightSpec>> missing = new LinkedHashMap<>();
    group.weights().stream()
        .filter(weight -> weight.layout().isLinear())
        .forEach(w -> missing.computeIfAbsent(bias(w.key()), key -> new ArrayList<>()).add(w));
    group.weights().forEach(weight -> missing.remove(weight.key()));
    return missing;
  }

  private static String bias(String weight) {
    return weight.substring(0, weight.lastIndexOf('.')) + ".bias";
  }

  /** To all layers that are joined under the key, if the patch has one for any of them. */
  private void give(
      String key, List<WeightSpec> layers, Map<String, NDArray> raw, NDManager scope) {
    if (isGiven(layers)) {
      for (WeightSpec layer : layers) {
        NDArray zeros = scope.zeros(new Shape(layer.shape().get(0)));
        raw.put(part(key, raw), patch.patched(bias(layer.tensor()), zeros, scope));
      }
    }
  }

  private boolean isGiven(List<WeightSpec> layers) {
    return layers.stream().anyMatch(layer -> patch.gives(bias(layer.tensor())));
  }

  private boolean packs(WeightSpec weight) {
    return kernels.packsLinears() && weight.layout().gainsByPacking(weight, precision.dtype());
  }

  private boolean laid(WeightSpec weight, Layout layout) {
    return weight.layout() == layout && !precision.quantisation().takes(weight);
  }

  /** The keys of some weights, as a map so that a kernel can ask {@code key in keys}. */
  private static Map<String, NDArray> keys(
      WeightGroup group, Predicate<WeightSpec> which, Map<String, NDArray> raw) {
    Map<String, NDArray> keys = new LinkedHashMap<>();
    group.weights().stream().filter(which).forEach(w -> keys.put(w.key(), raw.get(w.key())));
    return keys;
  }

  private NDArray mapped(WeightSpec weight, NDManager scope) {
    StoredTensor tensor =
        checkpoint
            .find(weight.tensor())
            .orElseThrow(
                () -> new SdxlException(checkpoint.name() + ": no tensor " + weight.tensor()));
    NDArray stored = MappedTensor.of(checkpoint.bytes(tensor), tensor, scope);
    return patch.patched(weight.tensor(), stored, scope);
  }
}

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
      return kernels.dict(
          "materialise",
          raw(group, scope, scope),
          layouts(group),
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
      return sent(raw(group, host, device), layouts(group), room);
    }
  }

  private TensorDict sent(
      Map<String, NDArray> raw, Map<String, String> layouts, UploadBuffer room) {
    try {
      return kernels.dict(
          "sent", raw, layouts, room.memory(), room.stream(), STAGED / precision.dtype().bytes());
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
    givenBiases(group)
        .forEach(
            (key, layers) ->
                elements.put(key, layers.stream().mapToLong(w -> w.shape().get(0)).sum()));
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
    givenBiases(group)
        .forEach(
            (key, layers) -> {
              for (WeightSpec layer : layers) {
                NDArray zeros = device.zeros(new Shape(layer.shape().get(0)));
                raw.put(part(key, raw), patch.patched(bias(layer.tensor()), zeros, device));
              }
            });
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

  /**
   * Linear layers without a bias to which the patch gives one, by the key of that: all that are
   * joined under it, if the patch has one for any of them.
   */
  private Map<String, List<WeightSpec>> givenBiases(WeightGroup group) {
    Map<String, List<WeightSpec>> given = new LinkedHashMap<>();
    group.weights().stream()
        .filter(weight -> weight.layout().isLinear())
        .forEach(w -> given.computeIfAbsent(bias(w.key()), key -> new ArrayList<>()).add(w));
    group.weights().forEach(weight -> given.remove(weight.key()));
    given
        .values()
        .removeIf(layers -> layers.stream().noneMatch(w -> patch.givesBias(bias(w.tensor()))));
    return given;
  }

  private static String bias(String weight) {
    return weight.substring(0, weight.lastIndexOf('.')) + ".bias";
  }

  /** How the kernels lay out each weight of the group, by its key. */
  private Map<String, String> layouts(WeightGroup group) {
    Map<String, String> layouts = new LinkedHashMap<>();
    group.weights().forEach(weight -> layouts.put(weight.key(), layout(weight)));
    givenBiases(group).keySet().forEach(key -> layouts.put(key, Layout.PLAIN.label()));
    return layouts;
  }

  private String layout(WeightSpec weight) {
    Layout layout = weight.layout();
    if (kernels.onGpu()) {
      return (layout.isConvolution() ? Layout.CONVOLUTION : Layout.PLAIN).label();
    }
    if (precision.quantisation().takes(weight)) {
      return precision.quantisation().label();
    }
    return (layout.isLinear() && !packs(weight) ? Layout.PLAIN : layout).label();
  }

  private boolean packs(WeightSpec weight) {
    return kernels.packsLinears() && weight.layout().gainsByPacking(weight, precision.dtype());
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

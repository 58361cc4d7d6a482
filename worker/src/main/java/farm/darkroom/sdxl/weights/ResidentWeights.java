package farm.darkroom.sdxl.weights;

import farm.darkroom.sdxl.torch.HostAllocator;
import farm.darkroom.sdxl.torch.HostAllocator.Keeping;
import farm.darkroom.sdxl.torch.TensorDict;
import java.util.LinkedHashMap;
import java.util.Map;

/** Weights that stay on the device from their first use until {@link #evict}. Not thread-safe. */
public final class ResidentWeights implements Weights {
  private static final long LARGE = 1 << 20;

  private final WeightLoader loader;
  private final Map<String, TensorDict> held = new LinkedHashMap<>();

  public ResidentWeights(WeightLoader loader) {
    this.loader = loader;
  }

  @Override
  public Hold hold(WeightGroup group) {
    TensorDict dict = held.computeIfAbsent(group.name(), name -> load(group));
    return new Hold() {
      @Override
      public TensorDict dict() {
        return dict;
      }

      @Override
      public void close() {
        // it stays
      }
    };
  }

  /** Large weights get pages of their own: among short-lived tensors they would leave gaps. */
  private TensorDict load(WeightGroup group) {
    if (group.parameters() < LARGE) {
      return loader.load(group);
    }
    HostAllocator.keep(Keeping.NOTHING);
    try {
      return loader.load(group);
    } finally {
      HostAllocator.keep(Keeping.SMALL);
    }
  }

  @Override
  public void evict() {
    held.values().forEach(TensorDict::close);
    held.clear();
  }

  @Override
  public void close() {
    evict();
  }
}

package farm.darkroom.sdxl.weights;

import farm.darkroom.sdxl.torch.TensorDict;

/**
 * The weights of one component under a residency. A block's weights are held while its kernel runs;
 * whether they stay afterwards is the residency's choice, and the result is the same under all.
 */
public interface Weights extends AutoCloseable {

  /** Holds the group's weights on the device until the hold is closed. */
  Hold hold(WeightGroup group);

  /** Frees what stays on the device; the next {@link #hold} brings it back. */
  void evict();

  @Override
  void close();

  /** Weights in use. Closing it ends the use, not necessarily the residence. */
  interface Hold extends AutoCloseable {
    TensorDict dict();

    @Override
    void close();
  }
}

package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What the T2I-Adapters of a request add to the UNet's way down. The request's scope owns it.
 *
 * @param all summed over the adapters, for each block; empty: there is none
 * @param steered how many of the first steps they are added in
 */
record AdapterFeatures(List<NDArray> all, int steered) {
  static final AdapterFeatures NONE = new AdapterFeatures(List.of(), 0);

  AdapterFeatures {
    all = List.copyOf(all);
  }

  /** Whether there is any. */
  boolean isActive() {
    return !all.isEmpty();
  }

  /** What is added in a step, counted from 0. */
  List<NDArray> at(int step) {
    return step < steered ? all : List.of();
  }
}

package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The last few model outputs of a multistep scheduler, which this owns and closes. Not thread-safe.
 */
final class History {
  private final Deque<NDArray> newestFirst = new ArrayDeque<>();
  private final int capacity;

  History(int capacity) {
    this.capacity = capacity;
  }

  /** Takes ownership; the oldest beyond the capacity is closed. */
  void push(NDArray tensor) {
    newestFirst.addFirst(tensor);
    while (newestFirst.size() > capacity) {
      newestFirst.removeLast().close();
    }
  }

  /** 0 is the newest. */
  NDArray get(int age) {
    Iterator<NDArray> tensors = newestFirst.iterator();
    for (int i = 0; i < age; i++) {
      tensors.next();
    }
    return tensors.next();
  }

  /** The newest entries, newest first; this history still owns them. */
  List<NDArray> newest(int count) {
    return newestFirst.stream().limit(count).toList();
  }

  /** Gives up ownership of the newest. */
  NDArray take() {
    return newestFirst.removeFirst();
  }

  int size() {
    return newestFirst.size();
  }

  void clear() {
    newestFirst.forEach(NDArray::close);
    newestFirst.clear();
  }
}

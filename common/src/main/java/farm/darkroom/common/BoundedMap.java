package farm.darkroom.common;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map with a bounded number of entries that drops the oldest one when it is full. Not
 * thread-safe.
 */
public final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;
  private final int most;

  /**
   * @param most entries; the next one takes the place of the one that was put first
   */
  public BoundedMap(int most) {
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}

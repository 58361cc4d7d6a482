package farm.darkroom.worker.port;

import static java.util.Objects.requireNonNull;

/**
 * The hits and misses of one of a renderer's caches.
 *
 * @param cache such as {@code text} or {@code model}
 * @param hits times it was there
 * @param misses times it was not
 */
public record CacheUse(String cache, long hits, long misses) {
  public CacheUse {
    requireNonNull(cache, "cache");
  }
}

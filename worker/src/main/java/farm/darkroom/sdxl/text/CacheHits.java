package farm.darkroom.sdxl.text;

/**
 * How often what was asked for was there already.
 *
 * @param hits times it was
 * @param misses times it had to be computed
 */
public record CacheHits(long hits, long misses) {

  /** The hits and misses since {@code before}. */
  public CacheHits since(CacheHits before) {
    return new CacheHits(hits - before.hits, misses - before.misses);
  }
}

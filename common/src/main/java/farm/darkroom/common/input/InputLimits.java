package farm.darkroom.common.input;

/** The largest files, in bytes, that workers fetch from the farm's store. */
public final class InputLimits {
  /** Of a picture. */
  public static final long PICTURE = 64L << 20;

  /** Of a file of weights: it is in memory while it is fetched; larger ones belong on workers. */
  public static final long WEIGHTS = 256L << 20;

  private InputLimits() {}
}

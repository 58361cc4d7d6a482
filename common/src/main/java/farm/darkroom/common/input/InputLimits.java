package farm.darkroom.common.input;

/** How large files may be that a farm's workers fetch from its store, in bytes. */
public final class InputLimits {
  /** Of a picture. */
  public static final long PICTURE = 64L << 20;

  /** Of a file of weights: it is in memory while it is fetched; larger ones belong on workers. */
  public static final long WEIGHTS = 256L << 20;

  private InputLimits() {}
}

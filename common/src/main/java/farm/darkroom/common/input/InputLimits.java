package farm.darkroom.common.input;

/** The largest files, in bytes, that workers fetch from the farm's store. */
public final class InputLimits {
  /** The largest picture. */
  public static final long PICTURE = 64L << 20;

  /**
   * The largest file of weights. It is held in memory while it is fetched; larger ones belong on
   * the workers' disks.
   */
  public static final long WEIGHTS = 256L << 20;

  private InputLimits() {}
}

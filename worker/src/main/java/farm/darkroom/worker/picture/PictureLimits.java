package farm.darkroom.worker.picture;

import farm.darkroom.common.input.InputLimits;

/** The largest picture accepted from outside. The size is checked before any pixel is decoded. */
public record PictureLimits(long maxBytes, long maxPixels) {
  /** 64 MiB and 6000 x 6000 pixels. */
  public static final PictureLimits DEFAULT = new PictureLimits(InputLimits.PICTURE, 36_000_000);
}

package farm.darkroom.worker.picture;

import farm.darkroom.common.input.InputLimits;

/** How large a picture from outside may be. Pixels are checked before any is decoded. */
public record PictureLimits(long maxBytes, long maxPixels) {
  /** 64 MiB and 6000 x 6000 pixels. */
  public static final PictureLimits DEFAULT = new PictureLimits(InputLimits.PICTURE, 36_000_000);
}

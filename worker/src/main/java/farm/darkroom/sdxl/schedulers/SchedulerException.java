package farm.darkroom.sdxl.schedulers;

import farm.darkroom.sdxl.SdxlException;

/** A scheduler refuses its configuration, a list of timesteps or sigmas, or a number of steps. */
public final class SchedulerException extends SdxlException {
  private static final long serialVersionUID = 1L;

  public SchedulerException(String message) {
    super(message);
  }
}

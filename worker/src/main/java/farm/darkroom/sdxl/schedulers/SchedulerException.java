package farm.darkroom.sdxl.schedulers;

import farm.darkroom.sdxl.SdxlException;

/** What a sampler refuses: a configuration, a list of timesteps or sigmas, a number of steps. */
public final class SchedulerException extends SdxlException {
  private static final long serialVersionUID = 1L;

  public SchedulerException(String message) {
    super(message);
  }
}

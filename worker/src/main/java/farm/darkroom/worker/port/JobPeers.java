package farm.darkroom.worker.port;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.Sampling;
import farm.darkroom.common.job.SizeConditioning;
import farm.darkroom.common.job.SourceImage;
import java.util.Optional;

/**
 * Which jobs are worth rendering together: those of one model that call it equally often, at the
 * same noise levels and for pictures of one size. Words, seeds, guidance and the picture that they
 * start from may differ.
 */
public final class JobPeers {
  private JobPeers() {}

  public static boolean peers(RenderJob one, RenderJob other) {
    return one.model().equals(other.model())
        && one.additions().equals(other.additions())
        && !one.additions().goAlone()
        && one.refiner().equals(other.refiner())
        && sameSize(one.framing(), other.framing())
        && sameSteps(one.sampling(), other.sampling())
        && sameStart(one.source(), other.source());
  }

  private static boolean sameSize(SizeConditioning one, SizeConditioning other) {
    return one.height().equals(other.height()) && one.width().equals(other.width());
  }

  private static boolean sameSteps(Sampling one, Sampling other) {
    return one.numInferenceSteps() == other.numInferenceSteps()
        && one.timesteps().equals(other.timesteps())
        && one.sigmas().equals(other.sigmas())
        && one.denoisingEnd().equals(other.denoisingEnd())
        && one.scheduler().equals(other.scheduler());
  }

  private static boolean sameStart(Optional<SourceImage> one, Optional<SourceImage> other) {
    return one.map(SourceImage::strength).equals(other.map(SourceImage::strength))
        && one.flatMap(SourceImage::denoisingStart)
            .equals(other.flatMap(SourceImage::denoisingStart));
  }
}

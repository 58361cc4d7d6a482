package farm.darkroom.submitter.dataset;

import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.StoredImage;
import java.util.SortedMap;

/**
 * One stored picture of a batch.
 *
 * @param name unique in the batch: job id and the picture's place in the job
 * @param job the job that renders this picture and nothing else
 * @param labels the batch's
 */
record Sample(
    String name, JobId id, RenderJob job, StoredImage image, SortedMap<String, String> labels) {

  /** {@code png}, or {@code safetensors} for latents. */
  String extension() {
    return image.key().substring(image.key().lastIndexOf('.') + 1);
  }

  boolean isPicture() {
    return extension().equals("png");
  }

  String fileName() {
    return name + "." + extension();
  }
}

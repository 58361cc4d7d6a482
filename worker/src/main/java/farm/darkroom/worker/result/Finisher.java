package farm.darkroom.worker.result;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.PixelSize;
import farm.darkroom.common.job.Provenance;
import farm.darkroom.common.job.RenderConditions;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.picture.Png;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderDetails;
import farm.darkroom.worker.port.RenderResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns rendered images into the files of a result, identical on a farm and without one.
 * Thread-safe.
 */
public final class Finisher {
  private final String worker;

  /**
   * @param worker its id, for records
   */
  public Finisher(String worker) {
    this.worker = requireNonNull(worker, "worker");
  }

  /**
   * What is to be stored of a render.
   *
   * @throws FarmException RENDER_FAILED when a picture is all black, which is what NaN comes to
   */
  public FinishedJob finish(JobId id, RenderJob job, RenderResult result) {
    for (int index = 0; index < result.outputs().size(); index++) {
      if (result.outputs().get(index) instanceof Output.Image image) {
        requireNotBlack(index, image.picture());
      }
    }
    return new FinishedJob(id, job, result.outputs(), result.details());
  }

  /** The outputs as files; the same ones each time. */
  public List<ResultFile> files(FinishedJob finished) {
    List<ResultFile> files = new ArrayList<>();
    for (Output output : finished.outputs()) {
      files.add(file(files.size(), finished.job(), output, finished.details()));
    }
    return files;
  }

  /** What {@code record.json} says of outputs that lie where {@code images} says. */
  public RenderRecord record(FinishedJob finished, List<StoredImage> images) {
    RenderDetails details = finished.details();
    RenderConditions conditions =
        new RenderConditions(
            worker,
            details.device(),
            details.dtype(),
            details.plan().residency().label(),
            details.threads(),
            details.microBatch(),
            details.versions(),
            details.weights());
    return new RenderRecord(
        finished.id(), finished.job(), conditions, details.timings(), images, warnings(details));
  }

  private static List<String> warnings(RenderDetails details) {
    List<String> warnings = new ArrayList<>(details.warnings());
    if (details.plan().careful()) {
      warnings.add("a first render failed; this is the second, with the VAE in float32");
    }
    return warnings;
  }

  private static ResultFile file(int index, RenderJob job, Output output, RenderDetails details) {
    if (output instanceof Output.Image image) {
      byte[] png = png(index, job, image.picture(), details);
      return new ResultFile(index, "png", "image/png", png);
    }
    byte[] latents = ((Output.Latents) output).safetensors();
    return new ResultFile(index, "safetensors", "application/octet-stream", latents);
  }

  private static byte[] png(int index, RenderJob job, Picture picture, RenderDetails details) {
    PixelSize size = new PixelSize(picture.height(), picture.width());
    Provenance provenance = new Provenance(job, size, details.scheduler(), modelHash(job, details));
    Map<String, String> text = new LinkedHashMap<>();
    text.put(Png.PARAMETERS, provenance.parameters(index));
    text.put(Png.DARKROOM, provenance.jobJson(index));
    return Png.encode(picture, text);
  }

  private static void requireNotBlack(int index, Picture picture) {
    for (byte sample : picture.rgb()) {
      if (sample != 0) {
        return;
      }
    }
    throw new FarmException(FailureKind.RENDER_FAILED, "picture %d is all black".formatted(index));
  }

  private static Optional<String> modelHash(RenderJob job, RenderDetails details) {
    return details.weights().stream()
        .filter(file -> file.model().equals(job.model()) && file.path().startsWith("unet/"))
        .map(WeightFile::sha256)
        .findFirst();
  }
}

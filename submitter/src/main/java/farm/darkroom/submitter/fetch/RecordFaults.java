package farm.darkroom.submitter.fetch;

import farm.darkroom.common.Counted;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.store.StoreKeys;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds statements in a readable record that cannot be true of the job it belongs to. */
public final class RecordFaults {

  private RecordFaults() {}

  /** A sentence each, without its subject, which is the record; empty for a sound one. */
  public static List<String> of(JobId job, RenderRecord record) {
    List<String> faults = new ArrayList<>();
    JobId described = JobId.of(record.job());
    if (!record.id().equals(job)) {
      faults.add("is that of another job, " + record.id());
    } else if (!described.equals(job)) {
      faults.add("has this job's id and describes another job, " + described);
    }
    int images = record.images().size();
    if (images != record.job().numImagesPerPrompt()) {
      faults.add(
          "names %s, the job has %d"
              .formatted(Counted.of(images, "image"), record.job().numImagesPerPrompt()));
    }
    addPlaces(job, record, faults);
    return faults;
  }

  private static void addPlaces(JobId job, RenderRecord record, List<String> faults) {
    Set<String> names = new HashSet<>();
    for (StoredImage image : record.images()) {
      if (!image.key().startsWith(StoreKeys.jobPrefix(job.text()))) {
        faults.add("names %s, which lies with another job".formatted(image.key()));
      } else if (!names.add(image.key())) {
        faults.add("names %s twice".formatted(image.key()));
      }
    }
  }
}

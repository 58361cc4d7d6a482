package farm.darkroom.submitter.dataset;

import farm.darkroom.common.job.BatchManifest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Jobs of a batch whose record is missing or damaged, so that only an earlier export still has
 * their samples.
 */
record JobsWithoutRecord(Set<String> ids) {

  JobsWithoutRecord {
    ids = Set.copyOf(ids);
  }

  /**
   * @param samples of those of the jobs that have a record
   */
  static JobsWithoutRecord of(List<BatchManifest.Entry> entries, List<Sample> samples) {
    Set<String> ids = new HashSet<>(new BatchManifest(entries).ids());
    samples.forEach(sample -> ids.remove(sample.id().text()));
    return new JobsWithoutRecord(ids);
  }

  boolean isEmpty() {
    return ids.isEmpty();
  }

  /** Whether a file of this name, {@code ID-...}, belongs to one of these jobs. */
  boolean own(String fileName) {
    return ids.contains(jobOf(fileName));
  }

  /** The job id in a file name: the part before the first hyphen, empty if there is none. */
  static String jobOf(String fileName) {
    return fileName.substring(0, Math.max(0, fileName.indexOf('-')));
  }
}

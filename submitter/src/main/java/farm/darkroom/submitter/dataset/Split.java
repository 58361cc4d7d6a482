package farm.darkroom.submitter.dataset;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.json.Found;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The part of a batch that its label {@code split} names, {@code train} where there is no such
 * label.
 *
 * @param labels the names of the whole batch's labels, so that all rows have the same columns
 */
public record Split(String name, List<BatchManifest.Entry> entries, SortedSet<String> labels) {
  private static final String LABEL = "split";
  private static final String DEFAULT = "train";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_]{0,39}");

  public Split {
    entries = List.copyOf(entries);
    labels = Collections.unmodifiableSortedSet(new TreeSet<>(labels));
  }

  /**
   * Returns the splits of a batch in order of first appearance. A job that is listed twice counts
   * once.
   *
   * @throws FarmException INVALID_JOB when a split's name could not be a folder's
   */
  static List<Split> of(BatchManifest batch) {
    SortedSet<String> labels = new TreeSet<>();
    Map<String, List<BatchManifest.Entry>> byName = new LinkedHashMap<>();
    Set<JobId> seen = new HashSet<>();
    for (BatchManifest.Entry entry : batch.entries()) {
      labels.addAll(entry.labels().keySet());
      if (seen.add(entry.id())) {
        byName.computeIfAbsent(name(entry), name -> new ArrayList<>()).add(entry);
      }
    }
    labels.remove(LABEL);
    return byName.entrySet().stream()
        .map(split -> new Split(split.getKey(), split.getValue(), labels))
        .toList();
  }

  /** Maps each job's id to the name of its split. */
  static Map<String, String> byJob(List<Split> splits) {
    Map<String, String> names = new HashMap<>();
    for (Split split : splits) {
      split.entries().forEach(entry -> names.put(entry.id().text(), split.name()));
    }
    return names;
  }

  /** Whether this is a valid name of a split. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  private static String name(BatchManifest.Entry entry) {
    String name = entry.labels().getOrDefault(LABEL, DEFAULT);
    if (!isName(name)) {
      throw FarmException.invalidJob(
          ("job %s: label split: found %s, allowed in a dataset: 1 to 40 ASCII letters, digits"
                  + " and '_'; 'submit' it again with another label")
              .formatted(entry.id(), Found.quoted(name)));
    }
    return name;
  }
}

package farm.darkroom.submitter.dataset;

import static java.util.Objects.requireNonNull;

import java.util.function.Consumer;

/** Counters of a running export. Not thread-safe. */
final class ExportCount {
  private int jobs;
  private int missing;
  private int samples;
  private int kept;
  private int leftOut;
  private int damaged;
  private int strays;
  private final Consumer<String> complaints;

  /**
   * @param complaints takes a line for each result that is damaged and each file that is astray
   */
  ExportCount(Consumer<String> complaints) {
    this.complaints = requireNonNull(complaints, "complaints");
  }

  void jobs(int more) {
    jobs += more;
  }

  void missing(int more) {
    missing += more;
  }

  void leftOut(int more) {
    leftOut += more;
  }

  void damaged(String line) {
    damaged++;
    complaints.accept(line);
  }

  /** Counts and reports a file that stays in the folder but is not part of the dataset. */
  void stray(String line) {
    strays++;
    complaints.accept(line);
  }

  int damaged() {
    return damaged;
  }

  void kept(int more) {
    samples += more;
    kept += more;
  }

  void stored(SampleSource.Loaded loaded) {
    samples++;
    kept += loaded.kept() ? 1 : 0;
  }

  ExportReport report() {
    return new ExportReport(jobs, missing, samples, kept, leftOut, damaged, strays);
  }
}

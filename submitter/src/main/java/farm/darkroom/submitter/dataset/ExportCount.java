package farm.darkroom.submitter.dataset;

/** Counts while an export runs. For one thread. */
final class ExportCount {
  private int jobs;
  private int missing;
  private int samples;
  private int kept;
  private int leftOut;

  void jobs(int more) {
    jobs += more;
  }

  void missing(int more) {
    missing += more;
  }

  void leftOut(int more) {
    leftOut += more;
  }

  void kept(int more) {
    samples += more;
    kept += more;
  }

  void fetched() {
    samples++;
  }

  ExportReport report() {
    return new ExportReport(jobs, missing, samples, kept, leftOut);
  }
}

package farm.darkroom.submitter.dataset;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.submit.Manifests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Exports a batch's results as a dataset. Exporting into the same folder again continues where the
 * last export stopped, and adds what was rendered since.
 */
public final class DatasetExport {
  private final ResultStore store;
  private final BatchManifest batch;
  private final ExportCount count;

  /**
   * @param complaints takes a line for each result that is damaged and each file that is astray
   */
  public DatasetExport(ResultStore store, BatchManifest batch, Consumer<String> complaints) {
    this.store = store;
    this.batch = batch;
    this.count = new ExportCount(complaints);
  }

  /**
   * Opens the export of a batch by its name.
   *
   * @throws FarmException INVALID_JOB when there is no such batch, STORE_UNAVAILABLE
   */
  public static DatasetExport of(ResultStore store, String batch, Consumer<String> complaints) {
    return new DatasetExport(store, new Manifests(store).require(batch), complaints);
  }

  /**
   * Writes the dataset, downloading only samples that are not on disk yet. A sample that is damaged
   * in the store is kept as an earlier export wrote it, or left out.
   *
   * @throws IOException when the disk refuses, or the folder holds another dataset
   * @throws FarmException STORE_UNAVAILABLE
   */
  public ExportReport write(DatasetWriter writer, Path folder) throws IOException {
    try (SampleSource source = new SampleSource(store, count)) {
      writer.write(folder, Split.of(batch), source, count);
    }
    return count.report();
  }
}

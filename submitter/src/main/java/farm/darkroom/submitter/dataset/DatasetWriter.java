package farm.darkroom.submitter.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A dataset format on disk. */
public sealed interface DatasetWriter permits ImageFolderWriter, WebDatasetWriter {

  /**
   * Writes all splits of a batch. Files that are already correct are kept, including samples that
   * have moved to another split since. Every file is written atomically.
   *
   * @throws IOException when the disk refuses, or the folder holds samples of another dataset
   */
  void write(Path folder, List<Split> splits, SampleSource source, ExportCount count)
      throws IOException;
}

package farm.darkroom.submitter.dataset;

import java.io.IOException;
import java.nio.file.Path;

/** One form of dataset on disk. */
public sealed interface DatasetWriter permits ImageFolderWriter, WebDatasetWriter {

  /**
   * Writes one split. What is there and right stays; each file appears as a whole.
   *
   * @throws IOException when the disk refuses, or the folder holds samples of another dataset
   */
  void write(Path folder, Split split, SampleSource source, ExportCount count) throws IOException;
}

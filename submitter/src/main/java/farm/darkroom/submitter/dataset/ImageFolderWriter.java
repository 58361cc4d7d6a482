package farm.darkroom.submitter.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Hugging Face's {@code imagefolder}: {@code FOLDER/train/NAME.png} and {@code
 * FOLDER/train/metadata.jsonl}, a folder per split. {@code metadata.jsonl} comes last, so it names
 * only pictures that are there; those of jobs whose record is damaged since stay, with their rows.
 * Pictures that are of another split by now go there too. Where they were they stay and are named,
 * as those of the batch that have no row. Latents are left out.
 */
public final class ImageFolderWriter implements DatasetWriter {
  @Override
  public void write(Path folder, List<Split> splits, SampleSource source, ExportCount count)
      throws IOException {
    for (Path orphaned : SplitMoves.in(folder, splits).carryOver()) {
      count.stray("%s is of no split of this batch any more; remove it".formatted(orphaned));
    }
    Set<String> batch = Split.byJob(splits).keySet();
    for (Split split : splits) {
      new SplitFolder(folder.resolve(split.name()), split, source, count).write(batch);
    }
  }
}

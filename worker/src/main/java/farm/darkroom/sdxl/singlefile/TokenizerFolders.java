package farm.darkroom.sdxl.singlefile;

import java.nio.file.Path;

/** Where to find the tokenizers that single files lack. Thread-safe. */
@FunctionalInterface
public interface TokenizerFolders {

  /**
   * A folder with a tokenizer's files.
   *
   * @param name {@code tokenizer} or {@code tokenizer_2}
   * @param words in its vocabulary
   * @throws farm.darkroom.sdxl.SdxlException when there is none, with how to get one
   */
  Path find(String name, long words);
}

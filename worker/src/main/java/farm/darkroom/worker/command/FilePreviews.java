package farm.darkroom.worker.command;

import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Previews that go into a file. */
final class FilePreviews extends PreviewOptions {
  @Option(
      names = "--preview",
      paramLabel = "FILE.png",
      required = true,
      description =
          "write a small picture of what is being rendered there, again and again; the last one"
              + " stays")
  private Path file;

  /** The autoencoder, if one was typed. */
  static Optional<String> vae(FilePreviews typed) {
    return Optional.ofNullable(typed).flatMap(PreviewOptions::vae);
  }

  /**
   * What is told of steps writes the file, too.
   *
   * @throws FarmException INVALID_JOB when the file cannot be there
   */
  PreviewFile watch(StepLine line, PrintWriter err) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw refused(e.getMessage());
    }
    if (Files.isDirectory(file)) {
      throw refused("it is a folder");
    }
    return new PreviewFile(file, rate(), line, err);
  }

  private FarmException refused(String why) {
    return FarmException.invalidJob(
        "--preview %s: found no place for a file: %s".formatted(file, why));
  }
}

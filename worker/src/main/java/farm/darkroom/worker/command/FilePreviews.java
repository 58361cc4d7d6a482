package farm.darkroom.worker.command;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Writes previews to a file. */
final class FilePreviews extends PreviewOptions {
  private static final Pattern RESULT =
      Pattern.compile("(?i)([0-9]+\\.(png|safetensors)|record\\.json)(\\.(\\d+\\.)?part)?");

  private static final Pattern OTHER_FORMAT =
      Pattern.compile("(?i).*\\.(jpe?g|webp|gif|bmp|tiff?)");

  @Option(
      names = "--preview",
      paramLabel = "FILE.png",
      required = true,
      description =
          "keep updating this file with a small picture of what is being rendered; the"
              + " last one stays")
  private Path file;

  /** The autoencoder, if one was typed. */
  static Optional<String> vae(FilePreviews typed) {
    return Optional.ofNullable(typed).flatMap(PreviewOptions::vae);
  }

  /**
   * A listener that is told of steps and writes the file.
   *
   * @param output where the results go
   * @throws FarmException INVALID_JOB when no such file can be written
   */
  PreviewFile watch(Path output, StepLine line, PrintWriter err) {
    Path place = file.toAbsolutePath().normalize();
    if (Files.isDirectory(place) || place.getParent() == null) {
      throw refused("it is a folder");
    }
    if (OTHER_FORMAT.matcher(place.toString()).matches()) {
      throw FarmException.invalidJob(
          "--preview: found %s, allowed: a name such as FILE.png (a preview is a PNG)"
              .formatted(file));
    }
    if (isResult(place, output.toAbsolutePath().normalize())) {
      throw refused("the results go there, with --output " + output);
    }
    try {
      Files.createDirectories(place.getParent());
    } catch (IOException e) {
      throw refused(DiskReason.of(e));
    }
    return new PreviewFile(file, rate(), line, err);
  }

  private static boolean isResult(Path place, Path results) {
    String name = String.valueOf(place.getFileName());
    return place.equals(results) || (place.startsWith(results) && RESULT.matcher(name).matches());
  }

  private FarmException refused(String why) {
    return FarmException.invalidJob(
        "--preview %s: found no place for a file: %s".formatted(file, why));
  }
}

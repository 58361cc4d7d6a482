package farm.darkroom.worker.render.input;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.FileReference;
import farm.darkroom.common.job.ImageReference;
import farm.darkroom.worker.picture.PictureLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Files of this machine, where there is no store. Thread-safe. */
public final class LocalInputs implements Inputs {

  @Override
  public byte[] read(ImageReference image) {
    if (!image.isLocal()) {
      throw FarmException.invalidJob(
          image.text() + ": rendering without a farm reads files only, give a path");
    }
    try {
      Path file = Path.of(image.text());
      if (!Files.isRegularFile(file)) {
        String what = Files.exists(file) ? "it is no plain file" : "there is no such file";
        throw FarmException.invalidJob(image.text() + ": " + what);
      }
      if (Files.size(file) > PictureLimits.DEFAULT.maxBytes()) {
        throw FarmException.invalidJob(
            "%s: larger than %d bytes".formatted(file, PictureLimits.DEFAULT.maxBytes()));
      }
      return Files.readAllBytes(file);
    } catch (IOException | InvalidPathException e) {
      throw FarmException.invalidJob(image.text() + ": cannot be read: " + DiskReason.of(e));
    }
  }

  @Override
  public Path fetch(FileReference file) {
    throw FarmException.invalidJob(
        file.text() + ": rendering without a farm reads files only, give a path");
  }
}

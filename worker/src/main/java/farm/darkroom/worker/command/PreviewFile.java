package farm.darkroom.worker.command;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.AtomicFile;
import farm.darkroom.common.DiskReason;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.picture.Png;
import farm.darkroom.worker.port.RenderListener;
import farm.darkroom.worker.result.PreviewRate;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/** A file that shows a render's progress. After a failed write it is given up. Not thread-safe. */
final class PreviewFile implements RenderListener {
  private final Path file;
  private final PreviewRate rate;
  private final StepLine line;
  private final PrintWriter err;
  private boolean givenUp;

  /**
   * @param line is told of steps as well
   */
  PreviewFile(Path file, PreviewRate rate, StepLine line, PrintWriter err) {
    this.file = requireNonNull(file, "file");
    this.rate = requireNonNull(rate, "rate");
    this.line = requireNonNull(line, "line");
    this.err = requireNonNull(err, "err");
  }

  @Override
  public void step(int done, int of) {
    line.step(done, of);
  }

  @Override
  public boolean wantsPreview(int step) {
    return !givenUp && rate.has(step);
  }

  @Override
  public void preview(Picture picture) {
    try {
      AtomicFile.write(file, Png.encode(picture, Map.of()));
    } catch (IOException e) {
      givenUp = true;
      line.close();
      err.println(
          "darkroom: no more previews: " + file + " cannot be written: " + DiskReason.of(e));
      err.flush();
    }
  }
}

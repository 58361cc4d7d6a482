package farm.darkroom.infra.chaos;

import farm.darkroom.common.store.S3Settings;
import farm.darkroom.infra.FaultyLine;
import farm.darkroom.infra.embedded.EmbeddedS3;
import java.net.URI;
import java.nio.file.Path;

/** A store that can be taken away, behind a line that can be made bad. */
final class MistreatedStore implements AutoCloseable {
  private static final String BUCKET = "renders";
  private final Path folder;
  private final FaultyLine line;
  private EmbeddedS3 s3;

  MistreatedStore(Path folder) {
    this.folder = folder;
    s3 = EmbeddedS3.start(folder);
    line = FaultyLine.to(s3.endpoint());
  }

  /** What leads past the line. */
  S3Settings settings() {
    return s3.settings(BUCKET);
  }

  /** Where it is reached past the line. */
  URI endpoint() {
    return s3.endpoint();
  }

  /** Between workers and store. */
  FaultyLine line() {
    return line;
  }

  void stop() {
    s3.close();
    line.cutAll();
  }

  /** Starts it again, on the same port with what its folder holds. */
  void start() {
    s3 = EmbeddedS3.start(folder, "127.0.0.1", s3.port());
  }

  @Override
  public void close() {
    line.close();
    s3.close();
  }
}

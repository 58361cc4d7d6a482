package farm.darkroom.infra.embedded;

import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.ResultStoreContract;
import farm.darkroom.common.store.S3ResultStore;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The S3 side of the store against the service in the box. */
class EmbeddedS3StoreTest extends ResultStoreContract {
  @TempDir static Path folder;
  private static EmbeddedS3 s3;
  private final String bucket = "test-" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    s3 = EmbeddedS3.start(folder);
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @Override
  protected ResultStore connect() {
    S3ResultStore store = new S3ResultStore(s3.settings(bucket));
    store.bucket().createIfMissing();
    return store;
  }
}

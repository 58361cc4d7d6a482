package farm.darkroom.infra;

import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.ResultStoreContract;
import farm.darkroom.common.store.S3Credentials;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.common.store.S3Settings;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.MinIOContainer;

/** The S3 side of the store against MinIO; skipped where there is no Docker. */
@EnabledIf(value = "dockerRuns", disabledReason = "no Docker: MinIO not tested")
class MinioStoreTest extends ResultStoreContract {
  private static MinIOContainer minio;
  private final String bucket = "test-" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    minio = new MinIOContainer("minio/minio:RELEASE.2025-09-07T16-13-09Z");
    minio.start();
  }

  @AfterAll
  static void stop() {
    minio.stop();
  }

  static boolean dockerRuns() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  @Test
  void bucketCanCarryAFarm() {
    try (S3ResultStore store = (S3ResultStore) connect()) {
      store.bucket().verify();
    }
  }

  @Override
  protected ResultStore connect() {
    S3Credentials credentials = S3Credentials.of(minio.getUserName(), minio.getPassword());
    S3ResultStore store =
        new S3ResultStore(S3Settings.at(URI.create(minio.getS3URL()), bucket, credentials));
    store.bucket().createIfMissing();
    return store;
  }
}

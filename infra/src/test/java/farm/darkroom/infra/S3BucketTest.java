package farm.darkroom.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.store.ResultStore.Put;
import farm.darkroom.common.store.S3Credentials;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.common.store.S3Settings;
import farm.darkroom.infra.embedded.EmbeddedS3;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3BucketTest {
  @TempDir Path folder;

  @Test
  void bucketIsCreatedOnceAndVerified() {
    try (EmbeddedS3 s3 = EmbeddedS3.start(folder);
        S3ResultStore store = new S3ResultStore(s3.settings("farm"))) {
      assertThatThrownBy(() -> store.bucket().verify()).hasMessageContaining("no such bucket");
      assertThat(store.bucket().createIfMissing()).isTrue();
      assertThat(store.bucket().createIfMissing()).isFalse();
      store.bucket().verify();
      assertThat(store.list("")).isEmpty();
    }
  }

  @Test
  void serviceThatIgnoresConditionsIsRefused() throws IOException {
    HttpServer service =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext("/", S3BucketTest::agree);
    service.start();
    URI endpoint = URI.create("http://127.0.0.1:" + service.getAddress().getPort());
    S3Settings settings = S3Settings.at(endpoint, "farm", S3Credentials.of("a", "b"));
    try (S3ResultStore store = new S3ResultStore(settings)) {
      assertThatThrownBy(() -> store.bucket().verify())
          .isInstanceOf(FarmException.class)
          .hasMessageContaining("a second put with If-None-Match: * replaced the first")
          .hasMessageContaining("conditional puts");
    } finally {
      service.stop(0);
    }
  }

  @Test
  void restartKeepsObjectsAndCredentials() {
    S3Settings before;
    int port;
    try (EmbeddedS3 s3 = EmbeddedS3.start(folder)) {
      port = s3.port();
      before = s3.settings("farm");
      try (S3ResultStore store = new S3ResultStore(before)) {
        store.bucket().createIfMissing();
        store.putIfAbsent("jobs/a/0.png", new byte[] {1, 2, 3}, "image/png");
      }
    }
    try (EmbeddedS3 s3 = EmbeddedS3.start(folder, "127.0.0.1", port);
        S3ResultStore store = new S3ResultStore(before)) {
      assertThat(s3.settings("farm")).isEqualTo(before);
      assertThat(store.get("jobs/a/0.png", 3)).contains(new byte[] {1, 2, 3});
      assertThat(store.putIfAbsent("jobs/a/0.png", new byte[1], "image/png")).isEqualTo(Put.EXISTS);
    }
  }

  @Test
  void takenPortIsReported() {
    try (EmbeddedS3 s3 = EmbeddedS3.start(folder)) {
      assertThatThrownBy(
              () -> EmbeddedS3.start(folder.resolve("other"), "127.0.0.1", s3.port()).close())
          .isInstanceOf(FarmException.class)
          .hasMessageContaining("127.0.0.1:" + s3.port())
          .hasMessageContaining("bind")
          .hasMessageContaining("--s3-port");
    }
  }

  private static void agree(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("ETag", "\"agreed\"");
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }
}

package farm.darkroom.infra.embedded;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.store.S3Credentials;
import farm.darkroom.common.store.S3Settings;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * An S3 service in this JVM, kept in a folder: objects lie under {@code DIR/objects}, the key pair
 * that it was given at its first start in {@code DIR/credentials.properties}. Stopping and starting
 * it on the same folder keeps both.
 */
public final class EmbeddedS3 implements AutoCloseable {
  private final S3Proxy proxy;
  private final URI endpoint;
  private final S3Credentials credentials;

  private EmbeddedS3(S3Proxy proxy, URI endpoint, S3Credentials credentials) {
    this.proxy = proxy;
    this.endpoint = endpoint;
    this.credentials = credentials;
  }

  /** On a free port of the loopback address. */
  public static EmbeddedS3 start(Path folder) {
    return start(folder, BrokerAddress.LOOPBACK, 0);
  }

  /**
   * Starts the service; returns when it answers.
   *
   * @param host the address to listen on
   * @param port 0 for a free one
   * @throws FarmException STORE_UNAVAILABLE when the port is taken or the folder cannot be written
   */
  public static EmbeddedS3 start(Path folder, String host, int port) {
    URI clear = URI.create("http://" + host + ":" + port);
    return start(folder, clear, proxy -> proxy.endpoint(clear));
  }

  /**
   * Starts it with TLS, on a free port.
   *
   * @param keystore PKCS12 with the key of {@code host}
   */
  public static EmbeddedS3 start(Path folder, String host, Path keystore, String password) {
    URI secure = URI.create("https://" + host + ":0");
    return start(
        folder,
        secure,
        proxy -> proxy.secureEndpoint(secure).keyStore(keystore.toString(), password));
  }

  private static EmbeddedS3 start(Path folder, URI at, UnaryOperator<S3Proxy.Builder> listening) {
    try {
      Path objects = Files.createDirectories(folder.resolve("objects"));
      S3Credentials credentials = StoredCredentials.in(folder);
      S3Proxy proxy =
          listening
              .apply(S3Proxy.builder())
              .blobStore(new FilesystemNio2BlobStore(objects.toString()))
              .awsAuthentication(
                  AuthenticationType.AWS_V2_OR_V4, credentials.accessKey(), credentials.secretKey())
              .ignoreUnknownHeaders(true)
              .build();
      proxy.start();
      return new EmbeddedS3(proxy, endpoint(proxy, at), credentials);
    } catch (Exception e) {
      throw new FarmException(
          FailureKind.STORE_UNAVAILABLE,
          "embedded store in %s on %s:%d does not start: %s"
              .formatted(folder, at.getHost(), at.getPort(), reason(e)),
          e);
    }
  }

  /** As {@code at}, with the port that it got. */
  private static URI endpoint(S3Proxy proxy, URI at) {
    boolean secure = at.getScheme().equals("https");
    int port = secure ? proxy.getSecurePort() : proxy.getPort();
    return URI.create(at.getScheme() + "://" + at.getHost() + ":" + port);
  }

  public URI endpoint() {
    return endpoint;
  }

  public int port() {
    return endpoint.getPort();
  }

  /** What a client of this service needs. */
  public S3Settings settings(String bucket) {
    return S3Settings.at(endpoint, bucket, credentials);
  }

  @Override
  public void close() {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new FarmException(
          FailureKind.STORE_UNAVAILABLE, "embedded store does not stop: " + reason(e), e);
    }
  }

  private static String reason(Exception e) {
    String said =
        e instanceof IOException && e.getMessage() != null ? e.getMessage() : e.toString();
    boolean taken = e instanceof BindException || e.getCause() instanceof BindException;
    return taken ? said + "; --s3-port takes another port" : said;
  }
}

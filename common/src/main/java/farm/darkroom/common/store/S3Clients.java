package farm.darkroom.common.store;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Builds the SDK's S3 client with bounded timeouts and three attempts per call. */
final class S3Clients {
  private static final int ATTEMPTS = 3;
  private static final int CONNECTIONS = 64;
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final TrustManager[] NOBODY = {};

  private S3Clients() {}

  static S3Client build(S3Settings settings) {
    S3ClientBuilder client =
        S3Client.builder()
            .forcePathStyle(settings.pathStyle())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(
                o ->
                    o.retryStrategy(retries())
                        .apiCallTimeout(budget(settings, 0))
                        .addExecutionInterceptor(new ResponseCheck()))
            .httpClientBuilder(http(settings));
    settings.endpoint().ifPresent(client::endpointOverride);
    if (settings.endpoint().isPresent() || settings.region().isPresent()) {
      client.region(Region.of(settings.region().orElse("us-east-1")));
    }
    settings
        .credentials()
        .ifPresent(c -> client.credentialsProvider(StaticCredentialsProvider.create(keys(c))));
    return client.build();
  }

  /** How long a call may take in all: three silences, and the transfer at 256 KiB/s. */
  static Duration budget(S3Settings settings, long bytes) {
    return settings.timeout().multipliedBy(ATTEMPTS).plusSeconds(bytes >> 18);
  }

  private static StandardRetryStrategy retries() {
    return DefaultRetryStrategy.standardStrategyBuilder().maxAttempts(ATTEMPTS).build();
  }

  private static Apache5HttpClient.Builder http(S3Settings settings) {
    Duration timeout = settings.timeout();
    Apache5HttpClient.Builder http =
        Apache5HttpClient.builder()
            .maxConnections(CONNECTIONS)
            .connectionTimeout(CONNECT.compareTo(timeout) < 0 ? CONNECT : timeout)
            .connectionAcquisitionTimeout(timeout)
            .socketTimeout(timeout);
    trust(settings).ifPresent(trust -> http.tlsTrustManagersProvider(() -> trust));
    return http;
  }

  /**
   * Empty means the JVM's own authorities, whose hundred certificates take half a second to read.
   */
  private static Optional<TrustManager[]> trust(S3Settings settings) {
    boolean clear = settings.endpoint().map(URI::getScheme).filter("http"::equals).isPresent();
    return clear
        ? Optional.of(NOBODY)
        : settings.authorities().map(TrustedCertificates::trustManagers);
  }

  private static AwsCredentials keys(S3Credentials given) {
    return given
        .sessionToken()
        .<AwsCredentials>map(
            token -> AwsSessionCredentials.create(given.accessKey(), given.secretKey(), token))
        .orElseGet(() -> AwsBasicCredentials.create(given.accessKey(), given.secretKey()));
  }
}

package farm.darkroom.common.store;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.Found;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Where the store is and how to speak to it.
 *
 * @param endpoint an S3-compatible service; empty for AWS itself
 * @param region empty for the SDK's own chain, or {@code us-east-1} where an endpoint is given
 * @param pathStyle {@code endpoint/bucket/key} instead of {@code bucket.endpoint/key}
 * @param credentials empty for the SDK's own chain
 * @param authorities a PEM file of the certificates to trust for https instead of the JVM's own;
 *     empty for the JVM's
 * @param timeout the longest silence of the service before an attempt counts as failed; a call may
 *     take three of them, and longer only while bytes flow
 */
public record S3Settings(
    Optional<URI> endpoint,
    Optional<String> region,
    String bucket,
    boolean pathStyle,
    Optional<S3Credentials> credentials,
    Optional<Path> authorities,
    Duration timeout) {

  public static final String DEFAULT_BUCKET = "darkroom";
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  public S3Settings {
    endpoint.ifPresent(S3Settings::checkEndpoint);
    requireNonNull(region, "region");
    requireNonNull(credentials, "credentials");
    requireNonNull(authorities, "authorities");
    if (!BUCKET.matcher(bucket).matches()) {
      throw refused(
          "bucket '%s' is no bucket name: 3 to 63 of a-z, 0-9, '.' and '-'".formatted(bucket));
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw refused("timeout must be positive, found " + timeout);
    }
  }

  /** Settings that trust the JVM's own certificate authorities. */
  public S3Settings(
      Optional<URI> endpoint,
      Optional<String> region,
      String bucket,
      boolean pathStyle,
      Optional<S3Credentials> credentials,
      Duration timeout) {
    this(endpoint, region, bucket, pathStyle, credentials, Optional.empty(), timeout);
  }

  /** A service at {@code endpoint}, spoken to in path style. */
  public static S3Settings at(URI endpoint, String bucket, S3Credentials credentials) {
    return new S3Settings(
        Optional.of(endpoint),
        Optional.empty(),
        bucket,
        true,
        Optional.of(credentials),
        DEFAULT_TIMEOUT);
  }

  /**
   * Settings from flags, then {@code DARKROOM_S3_*} variables, then defaults. Names are {@code
   * endpoint}, {@code region}, {@code bucket}, {@code path-style}, {@code access-key}, {@code
   * secret-key}, {@code session-token}, {@code ca} and {@code timeout-seconds}; the variable of
   * {@code path-style} is {@code DARKROOM_S3_PATH_STYLE}. {@code AWS_CA_BUNDLE} stands in for
   * {@code ca}, as in the AWS CLI.
   *
   * @param flags what was typed, by those names; a name that was not typed is absent
   * @throws FarmException STORE_UNAVAILABLE that names the setting, what was found and what is
   *     allowed
   */
  public static S3Settings resolve(Map<String, String> flags, Map<String, String> environment) {
    return new S3SettingsSource(flags, environment).read();
  }

  public S3Settings withBucket(String other) {
    return new S3Settings(endpoint, region, other, pathStyle, credentials, authorities, timeout);
  }

  public S3Settings withTimeout(Duration other) {
    return new S3Settings(endpoint, region, bucket, pathStyle, credentials, authorities, other);
  }

  public S3Settings withCredentials(S3Credentials other) {
    return new S3Settings(
        endpoint, region, bucket, pathStyle, Optional.of(other), authorities, timeout);
  }

  /** How messages name this store: {@code s3://darkroom at http://localhost:9000}. */
  public String display() {
    return "s3://" + bucket + endpoint.map(uri -> " at " + uri).orElse("");
  }

  /** Whether the call failed locally because no store or credentials are configured. */
  public static boolean isMissingIn(FarmException failure) {
    return failure.getCause() instanceof SdkException e && S3Failures.isUnconfigured(e);
  }

  static FarmException refused(String what) {
    return new FarmException(FailureKind.STORE_UNAVAILABLE, "store settings: " + what);
  }

  /** Hides endpoints with an at sign, before which there may be a secret. */
  static FarmException noAddress(String endpoint) {
    return refused(
        "endpoint %sis no address such as http://localhost:9000 or https://s3.example.org"
            .formatted(endpoint.contains("@") ? "" : Found.quoted(endpoint) + " "));
  }

  private static void checkEndpoint(URI endpoint) {
    if (endpoint.getUserInfo() != null) {
      throw refused("endpoint must not hold credentials; give access key and secret key apart");
    }
    boolean web = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
    if (!web || endpoint.getHost() == null) {
      throw noAddress(endpoint.toString());
    }
  }
}

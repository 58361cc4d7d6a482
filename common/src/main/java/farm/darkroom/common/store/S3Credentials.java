package farm.darkroom.common.store;

import java.util.Optional;

/**
 * A key pair for the store. Its text form never shows the secret.
 *
 * @param sessionToken for temporary credentials
 */
public record S3Credentials(String accessKey, String secretKey, Optional<String> sessionToken) {

  public S3Credentials {
    if (accessKey.isBlank() || secretKey.isBlank()) {
      throw S3Settings.refused("access key and secret key must both be given");
    }
  }

  public static S3Credentials of(String accessKey, String secretKey) {
    return new S3Credentials(accessKey, secretKey, Optional.empty());
  }

  @Override
  public String toString() {
    return "S3Credentials[hidden]";
  }
}

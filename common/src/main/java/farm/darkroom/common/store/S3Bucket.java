package farm.darkroom.common.store;

import farm.darkroom.common.FarmException;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketLocationConstraint;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Checks the bucket as a whole: that it exists, and that the service behaves as the farm relies on.
 */
public final class S3Bucket {
  private final S3Settings settings;
  private final S3Failures failures;
  private final S3Client client;

  S3Bucket(S3Settings settings, S3Failures failures, S3Client client) {
    this.settings = settings;
    this.failures = failures;
    this.client = client;
  }

  /**
   * Whether the bucket is there.
   *
   * @throws FarmException STORE_UNAVAILABLE, also when it may not be asked
   */
  public boolean exists() {
    return failures.during(
        "look for the bucket",
        () -> {
          try {
            new HeadAnswers(client, settings.bucket())
                .of(() -> client.headBucket(r -> r.bucket(settings.bucket())));
            return true;
          } catch (S3Exception e) {
            if (e.statusCode() != 404) {
              throw e;
            }
            return false;
          }
        });
  }

  /**
   * @throws FarmException STORE_UNAVAILABLE when the bucket is missing
   */
  void require(String what) {
    if (!exists()) {
      throw failures.failure(what, S3Failures.NO_BUCKET, null);
    }
  }

  /** Why the service refuses to work with this bucket; empty when it does not, or is not there. */
  Optional<FarmException> refusal(String what) {
    try {
      require(what);
      return Optional.empty();
    } catch (FarmException e) {
      return S3Failures.isAnswer(e) ? Optional.of(e) : Optional.empty();
    }
  }

  /**
   * Creates the bucket unless it is there.
   *
   * @return whether it had to be created
   */
  public boolean createIfMissing() {
    if (exists()) {
      return false;
    }
    return failures.during(
        "create the bucket",
        () -> {
          try {
            client.createBucket(creation());
            return true;
          } catch (S3Exception e) {
            if (S3Failures.code(e).equals("BucketAlreadyOwnedByYou")) {
              return false;
            }
            throw e;
          }
        });
  }

  /**
   * Tries what a farm relies on: that a second conditional put is refused and leaves the first
   * object as it is. Leaves nothing behind.
   *
   * @throws FarmException STORE_UNAVAILABLE when the bucket cannot do that
   */
  public void verify() {
    require("verify the bucket");
    String key = "probe/" + UUID.randomUUID();
    try {
      refuseUnless(create(key, "first"), "it refuses the first put with If-None-Match: *");
      refuseUnless(!create(key, "second"), "a second put with If-None-Match: * replaced the first");
      refuseUnless(read(key).equals("first"), "an object does not read back as it was put");
    } finally {
      failures.during(
          "delete " + key, () -> client.deleteObject(r -> r.bucket(settings.bucket()).key(key)));
    }
  }

  private boolean create(String key, String text) {
    return failures.during(
        "verify the bucket",
        () -> {
          try {
            client.putObject(
                r -> r.bucket(settings.bucket()).key(key).ifNoneMatch("*"),
                RequestBody.fromString(text));
            return true;
          } catch (AwsServiceException e) {
            if (e.statusCode() != 412 && e.statusCode() != 501) {
              throw e;
            }
            return false;
          }
        });
  }

  private String read(String key) {
    return failures.during(
        "verify the bucket",
        () -> client.getObjectAsBytes(r -> r.bucket(settings.bucket()).key(key)).asUtf8String());
  }

  private void refuseUnless(boolean holds, String found) {
    if (!holds) {
      throw failures.failure(
          "be used", found + "; darkroom needs a service with conditional puts", null);
    }
  }

  /** AWS wants the region's name in the request, except for its first region. */
  private CreateBucketRequest creation() {
    Optional<String> region = settings.region().filter(name -> settings.endpoint().isEmpty());
    CreateBucketRequest.Builder request = CreateBucketRequest.builder().bucket(settings.bucket());
    region
        .filter(name -> !name.equals("us-east-1"))
        .map(BucketLocationConstraint::fromValue)
        .ifPresent(place -> request.createBucketConfiguration(c -> c.locationConstraint(place)));
    return request.build();
  }
}

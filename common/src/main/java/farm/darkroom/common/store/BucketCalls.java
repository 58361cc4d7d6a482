package farm.darkroom.common.store;

import farm.darkroom.common.FarmException;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Runs calls that put or read one object of a bucket. A service often does not say whether it is
 * the bucket that is at fault: until one of its objects was reached, a failure is followed by a
 * question about the bucket itself. Thread-safe.
 */
final class BucketCalls {
  private final S3Bucket bucket;
  private final S3Failures failures;
  private volatile boolean bucketSeen;

  BucketCalls(S3Bucket bucket, S3Failures failures) {
    this.bucket = bucket;
    this.failures = failures;
  }

  /**
   * Runs a put. A service that refuses may hang up in the middle of the body, before its answer is
   * read: as long as nothing has come of the bucket, a request without a body asks for the reason.
   */
  <T> T put(String key, Supplier<T> put) {
    String what = "put " + key;
    try {
      T done = failures.during(what, put);
      bucketSeen = true;
      return done;
    } catch (FarmException e) {
      if (!bucketSeen && S3Failures.isCut(e)) {
        bucket.refusal(what).ifPresent(BucketCalls::raise);
      }
      throw e;
    }
  }

  /** Runs a read; empty when the object is missing. A missing bucket looks the same to HEAD. */
  <T> Optional<T> read(String what, Supplier<T> read) {
    Optional<T> found = failures.during(what, () -> unlessMissing(read));
    if (found.isEmpty() && !bucketSeen) {
      bucket.require(what);
    }
    bucketSeen = true;
    return found;
  }

  private static void raise(FarmException refusal) {
    throw refusal;
  }

  private static <T> Optional<T> unlessMissing(Supplier<T> read) {
    try {
      return Optional.of(read.get());
    } catch (S3Exception e) {
      if (e.statusCode() != 404 || S3Failures.code(e).equals("NoSuchBucket")) {
        throw e;
      }
      return Optional.empty();
    }
  }
}

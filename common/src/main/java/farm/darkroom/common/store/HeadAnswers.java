package farm.darkroom.common.store;

import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Finds the reason where a service refuses a HEAD, whose answer has no body and therefore no error
 * code.
 */
record HeadAnswers(S3Client client, String bucket) {
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;

  /**
   * Runs a HEAD. Where it is refused, a listing of one object asks for the reason: what that is
   * refused with is thrown in its place.
   */
  <T> T of(Supplier<T> head) {
    try {
      return head.get();
    } catch (S3Exception e) {
      if (e.statusCode() == BAD_REQUEST || e.statusCode() == FORBIDDEN) {
        client.listObjectsV2(r -> r.bucket(bucket).maxKeys(1));
      }
      throw e;
    }
  }
}

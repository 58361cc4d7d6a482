package farm.darkroom.common.store;

import java.io.IOException;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Refuses an answer that looks like success and is no service's, such as the page of a proxy: it
 * would count as a stored record, or as an empty listing. What is asked here every service says.
 */
final class ResponseCheck implements ExecutionInterceptor {

  /** Like a connection that is cut, it may be another the next time. */
  static final class Foreign extends IOException {
    private static final long serialVersionUID = 1;

    private Foreign(String what) {
      super(what);
    }
  }

  @Override
  public void afterUnmarshalling(
      Context.AfterUnmarshalling context, ExecutionAttributes attributes) {
    if (isForeign(context.response())) {
      throw SdkClientException.create(
          "no S3 service", new Foreign("what answers is no S3 service, or a proxy before it"));
    }
  }

  private static boolean isForeign(SdkResponse response) {
    if (response instanceof PutObjectResponse put) {
      return put.eTag() == null;
    }
    if (response instanceof HeadObjectResponse head) {
      return head.eTag() == null;
    }
    if (response instanceof GetObjectResponse get) {
      return get.eTag() == null;
    }
    return response instanceof ListObjectsV2Response list && list.isTruncated() == null;
  }
}

package farm.darkroom.common.store;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Says in one line why the store did not do it. Only status and error code of an answer are
 * repeated, never its text, which may quote the request.
 */
record S3Failures(S3Settings settings) {
  static final String NO_BUCKET = "no such bucket; 'darkroom init' creates it";
  private static final Set<String> CLOCK = Set.of("RequestTimeTooSkewed", "RequestExpired");

  /** Another request works on the same object, or bucket; or a body came too slowly. */
  private static final Set<String> PASSING =
      Set.of("OperationAborted", "ConditionalRequestConflict", "RequestTimeout");

  private static final String IN_THE_WAY =
      "something is in its way, such as a folder of that name; remove it";

  /** What a service, AWS or MinIO, says of one object and means for ever. */
  private static final Map<String, String> OF_ONE_OBJECT =
      Map.of(
          "XMinioObjectExistsAsDirectory",
          IN_THE_WAY,
          "XMinioParentIsObject",
          IN_THE_WAY,
          "EntityTooLarge",
          "it is larger than the service takes",
          "InvalidObjectState",
          "it is archived; restore it");

  /**
   * Runs one call.
   *
   * @throws FarmException STORE_UNAVAILABLE, or RENDER_FAILED where only this object is refused
   */
  <T> T during(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (AwsServiceException e) {
      throw isOfOneObject(e)
          ? ofOneObject(what, OF_ONE_OBJECT.get(code(e)) + " (" + code(e) + ")", e)
          : failure(what, answered(e), e, isTransient(e));
    } catch (SdkException e) {
      throw failure(what, unanswered(e), e, isAway(e));
    }
  }

  FarmException failure(String what, String reason, Throwable cause) {
    return failure(what, reason, cause, false);
  }

  private FarmException failure(String what, String reason, Throwable cause, boolean passing) {
    return new FarmException(FailureKind.STORE_UNAVAILABLE, text(what, reason), cause, passing);
  }

  /** An object that is there and is not what was put: asking again changes nothing. */
  FarmException corrupt(String key) {
    return new FarmException(
        FailureKind.RENDER_FAILED,
        "store %s: the bytes of %s do not match their SHA-256; %s"
            .formatted(settings.display(), key, RepairHint.of(key)));
  }

  /** The service says that the object is there, and does not have it: so it will tomorrow. */
  FarmException obstructed(String key) {
    return ofOneObject("put " + key, "no such object is there, and " + IN_THE_WAY, null);
  }

  /** The service accepts other objects, but refuses this one. */
  FarmException contested(String key) {
    return ofOneObject(
        "put " + key,
        "the service says again and again that another writer has it (status 409), and has no such"
            + " object; others it takes",
        null);
  }

  private FarmException ofOneObject(String what, String reason, Throwable cause) {
    return new FarmException(FailureKind.RENDER_FAILED, text(what, reason), cause);
  }

  private String text(String what, String reason) {
    return "store %s: cannot %s: %s".formatted(settings.display(), what, reason);
  }

  /** Whether the answer is about this object alone, and asking again changes nothing. */
  static boolean isOfOneObject(AwsServiceException e) {
    return OF_ONE_OBJECT.containsKey(code(e));
  }

  private static boolean isTransient(AwsServiceException e) {
    return e.statusCode() >= 500 || e.isThrottlingException() || PASSING.contains(code(e));
  }

  /** Also a host without an address: it may not have started yet. */
  private static boolean isAway(SdkException e) {
    boolean late =
        e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException;
    return late || (root(e) instanceof IOException && !isTls(e) && !isUnconfigured(e));
  }

  static boolean isUnconfigured(SdkException e) {
    String text = String.valueOf(e.getMessage());
    return text.contains("credentials") || text.contains("load region");
  }

  /** Whether there was neither an answer nor a silence. */
  static boolean isCut(FarmException e) {
    return root(e) instanceof IOException io && !(io instanceof InterruptedIOException);
  }

  /** Whether the reason came from the service. */
  static boolean isAnswer(FarmException e) {
    return e.getCause() == null || e.getCause() instanceof AwsServiceException;
  }

  static String code(AwsServiceException e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    return code == null || code.isBlank() ? "no error code" : code;
  }

  private static String answered(AwsServiceException e) {
    String code = code(e);
    if (CLOCK.contains(code)) {
      return "access denied: the clock of this machine is off (%s)".formatted(code);
    }
    if (code.equals("NoSuchBucket")) {
      return NO_BUCKET;
    }
    return switch (e.statusCode()) {
      case 301, 307, 308 -> "the bucket is in another region; set DARKROOM_S3_REGION";
      case 401, 403 ->
          "access denied: check credentials and their permissions (%s)".formatted(code);
      default ->
          e.statusCode() >= 500
              ? "server error %d (%s)".formatted(e.statusCode(), code)
              : "refused with status %d (%s)".formatted(e.statusCode(), code);
    };
  }

  private static String unanswered(SdkException e) {
    if (e instanceof AbortedException) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
    if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
      return "no answer in time";
    }
    String text = String.valueOf(e.getMessage());
    if (text.contains("credentials")) {
      return "access denied: no credentials; set DARKROOM_S3_ACCESS_KEY and DARKROOM_S3_SECRET_KEY,"
          + " or what the AWS SDK reads (AWS_ACCESS_KEY_ID, ~/.aws/credentials, ...)";
    }
    if (text.contains("load region")) {
      return "no region: set DARKROOM_S3_REGION, or DARKROOM_S3_ENDPOINT for a service of your own";
    }
    return transport(e, root(e));
  }

  private static String transport(SdkException e, Throwable root) {
    String detail = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    if (root instanceof UnknownHostException) {
      return "unknown host " + detail;
    }
    if (isTls(e)) {
      return "no trusted TLS connection: "
          + detail
          + "; --s3-ca (DARKROOM_S3_CA) names a PEM file of the authorities to trust";
    }
    if (root instanceof ResponseCheck.Foreign) {
      return detail;
    }
    return "no connection: " + detail;
  }

  private static boolean isTls(Throwable e) {
    return e instanceof SSLException || (e.getCause() != null && isTls(e.getCause()));
  }

  private static Throwable root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}

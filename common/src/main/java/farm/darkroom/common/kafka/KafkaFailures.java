package farm.darkroom.common.kafka;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Turns a Kafka client's exception into a one-line explanation.
 *
 * @param clear whether the client speaks without TLS, to which a broker with TLS gives no answer
 */
record KafkaFailures(String bootstrap, boolean clear) {
  /** A call to the broker. */
  @FunctionalInterface
  interface Answer<T> {
    T get() throws ExecutionException, InterruptedException;
  }

  private static final String TRUST =
      "; ssl.truststore.location in the Kafka properties says whom to trust";

  /**
   * Waits for one answer of the broker and translates its failure.
   *
   * @throws FarmException QUEUE_UNAVAILABLE
   */
  <T> T await(String what, Future<T> answer) {
    return await(what, (Answer<T>) answer::get);
  }

  /** Waits for an answer that is not a future. */
  <T> T await(String what, Answer<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw failure(what, e.getCause());
    } catch (InterruptedException e) {
      throw failure(what, e);
    }
  }

  /**
   * Runs one call of a Kafka client and translates its exceptions.
   *
   * @throws FarmException QUEUE_UNAVAILABLE
   */
  <T> T during(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (KafkaException e) {
      throw failure(what, e);
    }
  }

  FarmException failure(String what, Throwable thrown) {
    Throwable cause = unwrap(thrown);
    if (cause instanceof InterruptedException || cause instanceof InterruptException) {
      Thread.currentThread().interrupt();
    }
    return new FarmException(
        FailureKind.QUEUE_UNAVAILABLE,
        "Kafka at %s: cannot %s: %s".formatted(bootstrap, what, reason(cause)),
        cause,
        isTransient(cause));
  }

  /**
   * Whether waiting may help. A missing topic does not appear by itself, but the name of a host may
   * not resolve until the host has started.
   */
  private static boolean isTransient(Throwable cause) {
    boolean missing = cause instanceof UnknownTopicOrPartitionException;
    return isNameless(cause) || (cause instanceof RetriableException && !missing);
  }

  private static boolean isNameless(Throwable cause) {
    return cause instanceof ConfigException
        && String.valueOf(cause.getMessage()).contains("No resolvable bootstrap");
  }

  private static Throwable unwrap(Throwable thrown) {
    boolean wrapper =
        thrown instanceof ExecutionException
            || thrown instanceof CompletionException
            || thrown.getClass() == KafkaException.class;
    return wrapper && thrown.getCause() != null ? unwrap(thrown.getCause()) : thrown;
  }

  private String reason(Throwable cause) {
    if (cause instanceof TimeoutException
        || cause instanceof DisconnectException
        || cause instanceof NetworkException) {
      return "no broker answers at this address"
          + (clear ? " (one with TLS needs security.protocol in --kafka-properties)" : "");
    }
    if (cause instanceof SslAuthenticationException) {
      return "no trusted TLS connection: " + firstLine(root(cause)) + TRUST;
    }
    if (cause instanceof AuthenticationException) {
      return "the broker refused the connection's credentials: " + firstLine(cause);
    }
    if (cause instanceof AuthorizationException) {
      return "these credentials may not do it: " + firstLine(cause);
    }
    if (cause instanceof UnknownTopicOrPartitionException) {
      return "a topic is missing; 'darkroom init' creates it";
    }
    if (cause instanceof UnsupportedVersionException) {
      return "the broker is too old, Kafka 4.4 is needed: " + firstLine(cause);
    }
    if (cause instanceof GroupMaxSizeReachedException) {
      return "its share group is full; raise group.share.max.size on the broker";
    }
    return other(cause);
  }

  private static String other(Throwable cause) {
    if (cause instanceof RecordTooLargeException) {
      return "a record is larger than the topic takes: " + firstLine(cause);
    }
    if (isNameless(cause)) {
      return "unknown host";
    }
    if (cause instanceof ConfigException) {
      return "wrong setting: " + firstLine(cause);
    }
    if (cause instanceof InterruptedException || cause instanceof InterruptException) {
      return "interrupted";
    }
    return cause.getClass().getSimpleName() + ": " + firstLine(cause);
  }

  private static Throwable root(Throwable cause) {
    return cause.getCause() == null ? cause : root(cause.getCause());
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }
}

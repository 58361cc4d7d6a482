package farm.darkroom.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the store says when a service refuses one object: a worker that waits serves nobody. */
class S3ConflictsTest {
  private static final String KEY = "jobs/a/0.png";
  private static final Backoff AT_ONCE = new Backoff(Duration.ofMillis(1), Duration.ofMillis(1));
  private static final Predicate<String> THIS = path -> path.endsWith(KEY);

  @ParameterizedTest
  @ValueSource(strings = {"OperationAborted", "ConditionalRequestConflict", "Unheard"})
  void aConflictThatLastsForOneObjectIsItsOwnFailure(String code) throws IOException {
    try (ConflictingService service = new ConflictingService(THIS, 409, code)) {
      FarmException failure = failure(service);
      assertThat(failure.kind()).isEqualTo(FailureKind.RENDER_FAILED);
      assertThat(failure)
          .hasMessageContaining("cannot put " + KEY)
          .hasMessageContaining("status 409")
          .hasMessageContaining("others it takes");
      assertThat(service.refusals()).isGreaterThan(3);
    }
  }

  @Test
  void aConflictThatLastsForAllObjectsIsAnOutageThatPasses() throws IOException {
    try (ConflictingService service =
        new ConflictingService(path -> true, 409, "OperationAborted")) {
      FarmException failure = failure(service);
      assertThat(failure.kind()).isEqualTo(FailureKind.STORE_UNAVAILABLE);
      assertThat(failure.isTransient()).isTrue();
      assertThat(failure).hasMessageContaining("refused with status 409 (OperationAborted)");
    }
  }

  @ParameterizedTest
  @CsvSource({"429, TooManyRequests", "400, RequestTimeout"})
  void aServiceThatIsInTroubleSaysSoWithOtherStatusesToo(int status, String code)
      throws IOException {
    try (ConflictingService service = new ConflictingService(path -> true, status, code)) {
      assertThat(failure(service).isTransient()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "409, XMinioObjectExistsAsDirectory, something is in its way",
    "400, XMinioParentIsObject, something is in its way",
    "400, EntityTooLarge, it is larger than the service takes"
  })
  void whatLiesInTheWayOfOneObjectIsItsOwnFailureAtOnce(int status, String code, String why)
      throws IOException {
    try (ConflictingService service = new ConflictingService(THIS, status, code)) {
      FarmException failure = failure(service);
      assertThat(failure.kind()).isEqualTo(FailureKind.RENDER_FAILED);
      assertThat(failure).hasMessageContaining(why).hasMessageContaining(code);
      assertThat(service.refusals()).isEqualTo(1);
    }
  }

  private static FarmException failure(ConflictingService service) {
    try (S3ResultStore store = new S3ResultStore(service.settings(), AT_ONCE)) {
      FarmException failure =
          catchThrowableOfType(
              FarmException.class, () -> store.putIfAbsent(KEY, new byte[10], "image/png"));
      assertThat(failure).isNotNull().hasMessageNotContainingAny("\n");
      return failure;
    }
  }
}

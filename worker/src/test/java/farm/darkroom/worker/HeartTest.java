package farm.darkroom.worker;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.queue.InMemoryProgressLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class HeartTest {
  private final ManualTime time = new ManualTime();
  private final InMemoryProgressLog progress = new InMemoryProgressLog();
  private final Vitals vitals = new Vitals(time, Optional::empty);
  private Supplier<List<String>> models = () -> List.of("demo");

  @Test
  void modelsThatCannotBeListedAreNotTheEndOfHeartbeats() {
    try (Heart heart = heart()) {
      models =
          () -> {
            throw new UncheckedIOException(new IOException("Stale file handle"));
          };
      heart.beat();
      assertThat(progress.latest()).isEmpty();
      models = () -> List.of("demo");
      heart.beat();
      assertThat(progress.latest().get("w1").models()).containsExactly("demo");
    }
  }

  @Test
  void workerThatCannotRenderOffersNothing() {
    try (Heart heart = heart()) {
      vitals.sick("device gone");
      heart.beat();
      assertThat(progress.latest().get("w1").models()).isEmpty();
      assertThat(progress.latest().get("w1").trouble()).contains("device gone");
    }
  }

  /** Jobs may wait for it. */
  @Test
  void workerWithoutAStoreStillOffersItsModels() {
    try (Heart heart = heart()) {
      vitals.unanswered("store: no connection");
      heart.beat();
      assertThat(progress.latest().get("w1").models()).containsExactly("demo");
      assertThat(progress.latest().get("w1").trouble()).contains("store: no connection");
    }
  }

  private Heart heart() {
    WorkerSettings settings = WorkerSettings.of("w1", "q", "cpu");
    return new Heart(settings, vitals, () -> models.get(), () -> 0, progress, time);
  }
}

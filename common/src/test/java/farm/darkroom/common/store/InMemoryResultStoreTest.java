package farm.darkroom.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InMemoryResultStoreTest extends ResultStoreContract {
  private final InMemoryResultStore store = new InMemoryResultStore();

  @Override
  protected ResultStore connect() {
    return store.anotherWriter();
  }

  @Test
  void failsAsOftenAsTold() {
    store.faults().failNext(2);
    assertThatThrownBy(() -> store.exists("a")).isInstanceOf(FarmException.class);
    assertThatThrownBy(() -> put()).isInstanceOf(FarmException.class);
    assertThat(store.faults().pending()).isFalse();
    assertThat(store.exists("a")).isFalse();
  }

  @Test
  void lostAnswerLeavesTheObject() {
    store.faults().loseNextAnswers(1);
    assertThatThrownBy(() -> put()).hasMessageContaining("lose the answer");
    assertThat(put()).isEqualTo(ResultStore.Put.CREATED);
    assertThat(store.anotherWriter().exists("a")).isTrue();
  }

  @Test
  void heldCallsGoOnWhenReleased() throws Exception {
    store.faults().hold();
    CompletableFuture<ResultStore.Put> put = CompletableFuture.supplyAsync(this::put);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (store.faults().held() == 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(store.faults().held()).isEqualTo(1);
    assertThat(put).isNotDone();
    store.faults().release();
    assertThat(put.get(10, TimeUnit.SECONDS)).isEqualTo(ResultStore.Put.CREATED);
  }

  private ResultStore.Put put() {
    return store.putIfAbsent("a", new byte[] {1}, "text/plain");
  }
}

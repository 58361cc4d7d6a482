package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.picture.Png;
import farm.darkroom.worker.result.PreviewRate;
import farm.darkroom.worker.result.PreviewUploads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Previews in the store: there while a job is rendered, and in nobody's way. */
@Timeout(60)
class PreviewUploadsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final PreviewRate EACH = new PreviewRate(1);
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final String LEFT = "0".repeat(26);
  private static final String OTHER = "1".repeat(26);
  private static final byte[] FIRST = Png.encode(picture(1), Map.of());
  private final InMemoryFarm farm = new InMemoryFarm();
  private final PreviewStore store = new PreviewStore(farm.store);
  private final PreviewUploads previews = new PreviewUploads(EACH, store, farm.time, GRACE);
  private final FakeWorker worker = new FakeWorker(farm, "w1", previews);

  @AfterEach
  void close() {
    store.gate.countDown();
    previews.close();
  }

  @Test
  void previewExistsWhileRendering() {
    String id = farm.submitSeed(1);
    List<byte[]> seen = Collections.synchronizedList(new ArrayList<>());
    worker.renderer.betweenSteps(
        () -> {
          Await.until(() -> isThere(id));
          seen.add(farm.store.get(StoreKeys.preview(id), 1 << 20).orElseThrow());
        });
    worker.workOnce();
    assertThat(seen).containsExactly(FIRST);
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.STORED);
    awaitNone(id);
  }

  @Test
  void previewIsDeletedAfterEveryOutcome() {
    String cancelled = farm.submitSeed(1);
    worker.renderer.betweenSteps(
        () -> {
          Await.until(() -> isThere(cancelled));
          worker.cancelled.add(cancelled);
        });
    worker.workOnce();
    assertThat(farm.lastEvent(cancelled).state()).isEqualTo(JobState.CANCELLED);
    awaitNone(cancelled);
    String failed = farm.submitSeed(2);
    worker.renderer.betweenSteps(
        () -> {
          Await.until(() -> isThere(failed));
          throw new IllegalStateException("bug");
        });
    worker.workOnce();
    assertThat(farm.states(failed)).contains(JobState.FAILED);
    awaitNone(failed);
  }

  @Test
  void failedPreviewPutIsIgnored() {
    store.away = true;
    String id = farm.submitSeed(1);
    worker.renderer.betweenSteps(() -> Await.until(() -> store.puts.get() == 1));
    worker.workOnce();
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.STORED);
    store.away = false;
    String next = farm.submitSeed(2);
    worker.renderer.betweenSteps(() -> Await.until(() -> isThere(next)));
    worker.workOnce();
    assertThat(farm.states(next)).containsExactly(JobState.STARTED, JobState.STORED);
    awaitNone(next);
  }

  @Test
  void hangingStoreDelaysNoRender() {
    store.shut = true;
    String id = farm.submitSeed(1);
    worker.renderer.betweenSteps(() -> Await.until(() -> store.puts.get() == 1));
    worker.workOnce();
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.STORED);
    store.gate.countDown();
    Await.until(() -> store.deletes.get() == 1);
    assertThat(store.puts).hasValue(1);
    assertThat(isThere(id)).isFalse();
  }

  @Test
  void oneAtATimeAndOneASecond() {
    store.shut = true;
    assertThat(previews.wantsPreview("j", 1)).isTrue();
    previews.show("j", picture(1));
    farm.time.advance(SECOND);
    Await.until(() -> store.puts.get() == 1);
    assertThat(previews.wantsPreview("j", 2)).as("one is on its way").isFalse();
    store.shut = false;
    store.gate.countDown();
    Await.until(() -> previews.wantsPreview("j", 2));
    previews.show("j", picture(2));
    Await.until(() -> store.puts.get() == 2);
    assertThat(previews.wantsPreview("j", 3)).as("just now there was one").isFalse();
    farm.time.advance(SECOND);
    Await.until(() -> previews.wantsPreview("j", 3));
    assertThat(farm.store.get(StoreKeys.preview("j"), 1 << 20))
        .hasValueSatisfying(png -> assertThat(png).isEqualTo(Png.encode(picture(2), Map.of())));
  }

  @Test
  @SuppressWarnings("try") // the next one only begins
  void previewsOfDeadWorkerAreDeleted() {
    previews.close();
    List<String> strange =
        List.of("inputs/left", "previews/left.png", "previews/" + LEFT, "previews/a/b.png");
    strange.forEach(key -> farm.store.put(key, FIRST, "image/png"));
    farm.store.put(StoreKeys.preview(LEFT), FIRST, "image/png");
    farm.store.put(StoreKeys.preview(OTHER), FIRST, "image/png");
    PreviewStore next = new PreviewStore(farm.store);
    next.stuck.add(StoreKeys.preview(LEFT));
    try (PreviewUploads unused = new PreviewUploads(EACH, next, farm.time, GRACE)) {
      awaitNone(OTHER);
      assertThat(isThere(LEFT)).isTrue();
      next.stuck.clear();
    }
    assertThat(isThere(LEFT)).isFalse();
    assertThat(strange).allMatch(farm.store::exists);
  }

  @Test
  void latePutIsDeletedAgain() {
    store.away = true;
    previews.show("j", picture(1));
    Await.until(() -> store.puts.get() == 1);
    store.away = false;
    previews.ended("j");
    Await.until(() -> store.deletes.get() == 1);
    farm.store.put(StoreKeys.preview("j"), FIRST, "image/png");
    farm.time.advance(Duration.ofMinutes(1));
    previews.show("k", picture(1));
    awaitNone("j");
  }

  @Test
  void failedDeletionIsRetried() {
    store.stuck.add(StoreKeys.preview("j"));
    previews.show("j", picture(1));
    Await.until(() -> isThere("j"));
    previews.ended("j");
    Await.until(() -> store.refusals.get() > 0);
    store.stuck.clear();
    previews.show("k", picture(1));
    awaitNone("j");
    Await.until(() -> isThere("k"));
    previews.close();
    assertThat(isThere("k")).as("a render that never ended").isFalse();
  }

  @Test
  void pendingPreviewIsDroppedOnStop() {
    previews.show("i", picture(1));
    Await.until(() -> isThere("i"));
    store.shut = true;
    previews.show("j", picture(1));
    Await.until(() -> store.puts.get() == 2);
    previews.show("k", picture(1));
    previews.ended("k");
    CompletableFuture<Void> closing = CompletableFuture.runAsync(previews::close);
    store.gate.countDown();
    closing.join();
    assertThat(store.puts).as("what waited is not put any more").hasValue(2);
    assertThat(farm.store.list(StoreKeys.PREVIEWS)).isEmpty();
  }

  @Test
  void noPreviewAfterTheLastStep() {
    AtomicInteger shown = new AtomicInteger();
    PreviewUploads rare = new PreviewUploads(new PreviewRate(3), store, farm.time, GRACE);
    try (rare) {
      String id = farm.submitSeed(1);
      FakeWorker other = new FakeWorker(farm, "w2", rare);
      other.renderer.whilePreviewing(shown::incrementAndGet);
      other.renderer.betweenSteps(
          () -> {
            farm.time.advance(SECOND);
            Await.until(() -> rare.wantsPreview(id, FakeRenderer.STEPS));
          });
      other.workOnce();
    }
    assertThat(shown).hasValue(1);
  }

  @Test
  void previewTimeIsNotStepTime() {
    farm.submitSeed(1);
    worker.renderer.whilePreviewing(() -> farm.time.advance(Duration.ofSeconds(5)));
    worker.workOnce();
    assertThat(worker.metrics.scrape())
        .contains(
            "darkroom_step_seconds_count{model=\"demo\",size=\"defaultxdefault\"} 3",
            "darkroom_step_seconds_sum{model=\"demo\",size=\"defaultxdefault\"} 0.0");
  }

  private boolean isThere(String id) {
    return farm.store.exists(StoreKeys.preview(id));
  }

  private void awaitNone(String id) {
    Await.until(() -> !isThere(id));
  }

  private static Picture picture(int step) {
    return new Picture(1, 1, new byte[] {(byte) step, 0, 0});
  }
}

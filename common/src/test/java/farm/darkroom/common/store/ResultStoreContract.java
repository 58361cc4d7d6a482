package farm.darkroom.common.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.store.ResultStore.Put;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store does. A subclass says how to open one. */
public abstract class ResultStoreContract {
  private static final String TEXT = "text/plain";
  private final List<ResultStore> opened = new ArrayList<>();

  /** A new writer on the store of this test; empty at the first call of each test. */
  protected abstract ResultStore connect() throws Exception;

  protected final ResultStore open() throws Exception {
    ResultStore store = connect();
    opened.add(store);
    return store;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(ResultStore::close);
  }

  @Test
  void whatIsPutIsGot() throws Exception {
    ResultStore store = open();
    assertThat(store.putIfAbsent("jobs/a/0.png", bytes("picture"), "image/png"))
        .isEqualTo(Put.CREATED);
    assertThat(store.get("jobs/a/0.png", 7)).contains(bytes("picture"));
    assertThat(store.exists("jobs/a/0.png")).isTrue();
  }

  @Test
  void emptyObjectsAreObjects() throws Exception {
    ResultStore store = open();
    store.putIfAbsent("inputs/empty", new byte[0], TEXT);
    assertThat(store.get("inputs/empty", 0)).contains(new byte[0]);
    assertThat(store.exists("inputs/empty")).isTrue();
  }

  @Test
  void whatIsNotThereIsEmpty() throws Exception {
    ResultStore store = open();
    assertThat(store.get("jobs/none/record.json", 100)).isEmpty();
    assertThat(store.exists("jobs/none/record.json")).isFalse();
    assertThat(store.list("jobs/")).isEmpty();
    store.delete("jobs/none/record.json");
  }

  @Test
  void secondWriterFindsTheFirstOnesObject() throws Exception {
    ResultStore first = open();
    ResultStore second = open();
    assertThat(first.putIfAbsent("jobs/a/0.png", bytes("one"), TEXT)).isEqualTo(Put.CREATED);
    assertThat(second.putIfAbsent("jobs/a/0.png", bytes("two"), TEXT)).isEqualTo(Put.EXISTS);
    assertThat(second.putIfAbsent("jobs/a/0.png", bytes("one"), TEXT)).isEqualTo(Put.EXISTS);
    assertThat(second.get("jobs/a/0.png", 100)).contains(bytes("one"));
  }

  @Test
  void writerKnowsItsOwnObjectAgain() throws Exception {
    ResultStore store = open();
    store.putIfAbsent("jobs/a/0.png", bytes("one"), TEXT);
    assertThat(store.putIfAbsent("jobs/a/0.png", bytes("one"), TEXT)).isEqualTo(Put.CREATED);
    assertThat(store.putIfAbsent("jobs/a/0.png", bytes("other"), TEXT)).isEqualTo(Put.EXISTS);
  }

  @Test
  void putReplacesOutsideOfJobs() throws Exception {
    ResultStore store = open();
    store.put("batches/b/manifest.jsonl", bytes("one"), TEXT);
    store.put("batches/b/manifest.jsonl", bytes("two"), TEXT);
    assertThat(store.get("batches/b/manifest.jsonl", 100)).contains(bytes("two"));
    assertThatThrownBy(() -> store.put("jobs/a/0.png", bytes("one"), TEXT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("immutable");
  }

  @Test
  void deletedIsGoneAndCanBePutAgain() throws Exception {
    ResultStore store = open();
    store.putIfAbsent("jobs/a/0.png", bytes("one"), TEXT);
    store.delete("jobs/a/0.png");
    assertThat(store.exists("jobs/a/0.png")).isFalse();
    assertThat(open().putIfAbsent("jobs/a/0.png", bytes("two"), TEXT)).isEqualTo(Put.CREATED);
  }

  @Test
  void objectsAboveTheLimitAreRefused() throws Exception {
    ResultStore store = open();
    store.putIfAbsent("inputs/big", new byte[1001], TEXT);
    assertThatThrownBy(() -> store.get("inputs/big", 1000))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining("inputs/big")
        .hasMessageContaining("larger than 1000 bytes");
    assertThat(store.get("inputs/big", 1001)).isPresent();
  }

  @Test
  void twentyMegabytesComeBackAsTheyWere() throws Exception {
    ResultStore store = open();
    byte[] big = new byte[20 << 20];
    new Random(7).nextBytes(big);
    store.putIfAbsent("jobs/a/0.png", big, "image/png");
    assertThat(store.get("jobs/a/0.png", big.length)).contains(big);
  }

  @Test
  void listsThousandsInKeyOrder() throws Exception {
    ResultStore store = open();
    List<String> keys =
        IntStream.range(0, 1203).mapToObj("jobs/%04d/record.json"::formatted).toList();
    inParallel(
        keys.stream().<Callable<Put>>map(key -> () -> store.putIfAbsent(key, bytes(key), TEXT)));
    store.putIfAbsent("jobsx", bytes("not below jobs/"), TEXT);
    assertThat(store.list("jobs/")).extracting(ResultStore.Entry::key).isEqualTo(keys);
    assertThat(store.list("jobs/", 1001))
        .extracting(ResultStore.Entry::key)
        .isEqualTo(keys.subList(0, 1001));
    assertThat(store.list("jobs/0007/"))
        .containsExactly(new ResultStore.Entry("jobs/0007/record.json", 21));
  }

  @Test
  void namesWithSignsAndUnicodeStayAsTheyAre() throws Exception {
    ResultStore store = open();
    String key = "batches/a b+c&d=é%20/manifest.jsonl";
    store.put(key, bytes("x"), TEXT);
    assertThat(store.get(key, 10)).contains(bytes("x"));
    assertThat(store.list("batches/")).extracting(ResultStore.Entry::key).containsExactly(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "jobs/../x", "/jobs", "jobs//x", "jobs/a\nb", "a\\b", "jobs/"})
  void keysThatLeadAstrayAreRefused(String key) throws Exception {
    ResultStore store = open();
    assertThatThrownBy(() -> store.put(key, bytes("x"), TEXT))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("store key");
  }

  @Test
  void oneOfSixteenWritersWins() throws Exception {
    for (int round = 0; round < 5; round++) {
      String key = "jobs/race" + round + "/0.png";
      List<ResultStore> writers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        writers.add(open());
      }
      List<Put> found =
          inParallel(
              writers.stream()
                  .<Callable<Put>>map(w -> () -> w.putIfAbsent(key, bytes("same"), TEXT)));
      assertThat(found).filteredOn(Put.CREATED::equals).hasSize(1);
    }
  }

  private static <T> List<T> inParallel(Stream<Callable<T>> calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<T> answers = new ArrayList<>();
      for (Future<T> answer : threads.invokeAll(calls.toList())) {
        answers.add(answer.get());
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}

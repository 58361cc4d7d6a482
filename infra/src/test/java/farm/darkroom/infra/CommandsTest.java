package farm.darkroom.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.common.Await;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderConditions;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.RenderTimings;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.kafka.KafkaJobQueue;
import farm.darkroom.common.kafka.KafkaQueueStatus;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.Lease;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.common.store.StoreKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people type, against a real broker and a real store. */
class CommandsTest {
  private static final String JOB = "{\"prompt\":\"a red cube\",\"num_inference_steps\":2}";

  @TempDir static Path folder;
  private static TypedFarm farm;

  @BeforeAll
  static void up() throws IOException {
    farm = new TypedFarm(folder, "darkroom");
    assertThat(run("init").out()).contains("created darkroom").contains("bucket darkroom: created");
    assertThat(run("init").out()).contains("queue default: already exists");
  }

  @AfterAll
  static void down() {
    farm.close();
  }

  @Test
  void badInputIsOneLineAndPublishesNothing() throws IOException {
    List<String> lines = new ArrayList<>(Collections.nCopies(40, JOB));
    lines.set(16, "{\"prompt\":");
    String file = Files.write(folder.resolve("bad.jsonl"), lines).toString();
    refused("line 17", "submit", "--file", file, "--batch", "bad");
    refused("$.width: found 130", "submit", "--prompt", "a cube", "--width", "130");
    refused("$.num_inference_steps", "submit", "--prompt", "a cube", "--steps", "0");
    refused("found \"Eulr a\"", "submit", "--prompt", "a cube", "--scheduler", "Eulr a");
    refused("'--seed'", "submit", "--prompt", "a cube", "--seed", "many");
    refused("Unknown option", "submit", "--promt", "a cube");
    refused("no job", "submit");
    refused("no queue 'nowhere'; there is: ", "status", "--queue", "nowhere");
    refused("'darkroom init --queue nowhere'", "submit", "--prompt", "a", "--queue", "nowhere");
    refused("access denied", "submit", "--prompt", "a cube", "--s3-secret-key", "wrong");
    refused("no batch and no job", "status", "bad");
  }

  @Test
  void jobsGoOnTheQueueAndTheirPicturesComeBack() throws IOException {
    String file = Files.write(folder.resolve("two.jsonl"), List.of(JOB, JOB)).toString();
    String[] submit = {"submit", "--file", file, "--batch", "two", "--queue", "two"};
    assertThat(run("init", "--queue", "two").code()).isZero();
    Typed first = run(submit);
    assertThat(first.lines()).hasSize(2).doesNotHaveDuplicates();
    assertThat(status("two").get("queued").intValue()).isEqualTo(2);
    assertThat(run("status", "--queue", "two").lines()).contains("  two  2 jobs: 2 queued");

    byte[] picture = {1, 2, 3};
    finishAll("two", 2, picture);
    assertThat(status("two").get("stored").intValue()).isEqualTo(2);
    assertThat(run("watch", "two", "--queue", "two").code()).isZero();
    assertThat(run("watch", first.lines().get(0), "--queue", "two").code()).isZero();
    refused("no batch and no job; did you mean two?", "watch", "tow");
    refused("no batch and no job; did you mean two?", "status", "tow");
    refused("no batch 'twoo' in the store; did you mean two?", "get", "--batch", "twoo");
    refused("--batch two", "get", "two");

    Typed again = run(submit);
    assertThat(again.lines()).isEqualTo(first.lines());
    assertThat(again.err()).contains("0 queued, 2 stored already");

    String id = first.lines().get(0);
    Path pictures = folder.resolve("pictures");
    assertThat(run("get", id, "--output", pictures.toString()).code()).isZero();
    assertThat(pictures.resolve("0.png")).hasBinaryContent(picture);
    assertThat(RenderRecord.fromJson(Files.readAllBytes(pictures.resolve("record.json"))).id())
        .hasToString(id);
    Path all = folder.resolve("all");
    assertThat(run("get", "--batch", "two", "--output", all.toString()).lines()).hasSize(4);

    byte[] record = Files.readAllBytes(pictures.resolve("record.json"));
    String stored = RenderRecord.fromJson(record).job().toJson().toString();
    String one = Files.writeString(folder.resolve("stored.jsonl"), stored).toString();
    assertThat(run("submit", "--file", one, "--batch", "known", "--queue", "two").err())
        .contains("0 queued, 1 stored already");
    assertThat(run("status", "--queue", "two").lines()).contains("  known  1 job: 1 stored");
  }

  @Test
  void damagedResultsAreNamedAndTheOthersCome() throws IOException {
    List<String> lines = List.of(JOB, JOB, JOB, JOB);
    String file = Files.write(folder.resolve("four.jsonl"), lines).toString();
    String[] submit = {"submit", "--file", file, "--batch", "four", "--queue", "four"};
    assertThat(run("init", "--queue", "four").code()).isZero();
    List<String> ids = run(submit).lines();
    finishAll("four", 4, new byte[] {1, 2, 3});
    String record = StoreKeys.record(ids.get(0));
    String picture = StoreKeys.output(ids.get(2), 0, "png");
    try (S3ResultStore store = farm.farm().store()) {
      store.delete(record);
      store.putIfAbsent(record, new byte[] {0}, "application/json");
      store.delete(picture);
    }
    Path all = folder.resolve("all-but-two");
    Typed got = run("get", "--batch", "four", "--output", all.toString());
    assertThat(got.lines()).hasSize(5);
    assertThat(got.err()).hasLineCount(2).contains(record + " is damaged", picture + " is not in");
    assertThat(got.code()).isEqualTo(1);
    String typed = ids.get(0).replace('0', 'O').replace('1', 'L');
    Typed status = run("status", typed, "--queue", "four");
    assertThat(status.lines())
        .contains("job " + ids.get(0) + ": stored", "batch     four")
        .anyMatch(line -> line.startsWith("damage    " + record + " is damaged: "));
    assertThat(status.code()).isEqualTo(1);
    Typed audit = run("audit", "four", "--queue", "four");
    assertThat(audit.err() + audit.out())
        .contains("no " + picture + "; 'submit --force --job " + ids.get(2) + "' renders anew");
    String one = folder.resolve("one-without-picture").toString();
    Typed rest = run("get", ids.get(2), "--output", one);
    assertThat(rest.lines()).singleElement().asString().endsWith("record.json");
    assertThat(rest.err()).hasLineCount(1).startsWith(picture + " is not in");
    assertThat(rest.code()).isEqualTo(1);
  }

  @Test
  void aJobWithADrawnSeedIsRenderedAnewAsTheLineOfItsDamageSays() {
    String[] queue = {"--queue", "anew"};
    assertThat(run("init", queue).code()).isZero();
    String[] submit = {"submit", "--prompt", "a cone", "--batch", "anew", "--priority", "low"};
    String id = run(with(queue, submit)).lines().get(0);
    finishAll("anew", 1, new byte[] {1});
    try (S3ResultStore store = farm.farm().store()) {
      store.delete(StoreKeys.record(id));
      store.putIfAbsent(StoreKeys.record(id), new byte[] {0}, "application/json");
    }
    assertThat(run("status", with(queue, id)).out())
        .contains("; 'submit --force --job " + id + "' renders anew");
    String[] cure = {"submit", "--force", "--job", id, "--queue", "anew"};
    refused("--job: resubmits jobs unchanged", with(new String[] {"--steps", "3"}, cure));
    String checked = run(with(new String[] {"--dry-run", "--json"}, cure)).out();
    assertThat(RenderJob.fromJson(Json.parse(checked).get("job")).seed()).isPresent();
    assertThat(run(cure).lines()).containsExactly(id);
    assertThat(status("anew").get("queued").intValue()).isEqualTo(1);
    assertThat(run("status", queue).lines()).contains("  anew  1 job: 1 queued");
    assertThat(run("queues", "--json").out()).contains("\"low\":1");
    finishAll("anew", 1, new byte[] {2});
    assertThat(run("status", with(queue, id)).code()).isZero();
    refused(
        "'0000000000000000000000000w' was never on queue 'anew' (--queue names its own; what the"
            + " store had before it was submitted is healed by --force with its file or flags)",
        with(queue, "submit", "--job", "0000000000000000000000000w"));
  }

  @Test
  void aStoreThatIsAwayLeavesStatusIncompleteWhichItsExitCodeSays() {
    Typed status = run("status", "--s3-endpoint", "http://127.0.0.1:1");
    assertThat(status.out()).contains("workers ");
    assertThat(status.err()).hasLineCount(1).contains("could not look for further batches");
    assertThat(status.code()).isEqualTo(1);
  }

  @Test
  void aDamagedManifestIsNamedAndTheOtherBatchesAreListed() {
    String key = StoreKeys.manifest("rotten");
    try (S3ResultStore store = farm.farm().store()) {
      store.put(key, new byte[] {'x'}, "application/jsonl");
    }
    for (String[] typed : List.of(new String[] {"audit", "rotten"}, new String[] {"status"})) {
      assertThat(run(typed).err())
          .hasLineCount(1)
          .contains(key + " is damaged: manifest, line 1: not JSON", "delete it, and submit again");
    }
    assertThat(run("status").code()).isZero();
    assertThat(run("audit", "rotten").code()).isEqualTo(1);
    try (S3ResultStore store = farm.farm().store()) {
      store.delete(key);
    }
  }

  @Test
  void deadJobsAreShownAndPutBack() {
    String[] queue = {"--queue", "dead"};
    assertThat(run("init", queue).code()).isZero();
    String id =
        run("submit", with(queue, "--prompt", "a cone", "--priority", "low")).lines().get(0);
    rejectOne("dead");
    Typed listed = run("dead", with(queue, "list", "--json"));
    assertThat(Json.parse(listed.out()).get("id").textValue()).isEqualTo(id);
    assertThat(run("dead", with(queue, "show", id.toUpperCase(Locale.ROOT))).out())
        .contains("\"prompt\" : \"a cone\"");
    assertThat(run("status", with(queue, id)).out()).contains(id + ": dead");

    assertThat(run("dead", with(queue, "list")).out()).contains("  1 attempt  ");
    assertThat(run("dead", with(queue, "redrive", "--all")).lines()).containsExactly(id);
    assertThat(run("dead", with(queue, "list")).err()).contains("no dead jobs");
    assertThat(run("queues", with(queue, "--json")).out()).contains("\"low\":1");
    assertThat(run("dead", with(queue, "purge")).out()).startsWith("1 dead letter deleted");
  }

  @Test
  void aCancelledBatchIsRefusedUntilItIsResumed() {
    String[] submit = {"submit", "--prompt", "a cone", "--seed", "5", "--batch", "off"};
    assertThat(run(submit).code()).isZero();
    assertThat(run("cancel", "off").out()).contains("batch off cancelled: 1 of 1 job; ");
    assertThat(Json.parse(run("status", "off", "--json").out()).at("/states/cancelled").intValue())
        .isEqualTo(1);
    refused("batch 'off' is cancelled", submit);
    assertThat(run("resume", "off").lines())
        .containsExactly("batch off resumed: 1 job waits again");
    assertThat(run("resume", "off").lines())
        .containsExactly("batch off resumed: no job had stopped");
    assertThat(Json.parse(run("status", "off", "--json").out()).at("/states/queued").intValue())
        .isEqualTo(1);
  }

  @Test
  void aCancelledBatchWithoutWaitingJobsSaysWhereTheyStand() {
    String[] queue = {"--queue", "ended"};
    assertThat(run("init", queue).code()).isZero();
    String[] dead = {"--prompt", "a ball", "--seed", "6", "--batch", "fallen"};
    assertThat(run("submit", with(queue, dead)).code()).isZero();
    rejectOne("ended");
    String[] stored = {"--prompt", "a ball", "--seed", "7", "--batch", "whole"};
    String id = run("submit", with(queue, stored)).lines().get(0);
    finishAll("ended", 1, new byte[] {1, 2, 3});
    saySo(id, JobState.STORED);

    assertThat(run("cancel", with(queue, "fallen")).out())
        .contains("batch fallen cancelled: no job was waiting (1 dead); ");
    assertThat(run("cancel", with(queue, "whole")).out())
        .contains("batch whole cancelled: no job was waiting (1 stored); ");
    assertThat(run("cancel", with(queue, id)).out()).contains(": it is stored, and stays so; ");
  }

  @Test
  void aMisspeltNameInTheFarmFileIsSaidByEveryCommandThatReadsIt() throws IOException {
    Path file = Typed.farmFile(folder.resolve("misspelt.env"), farm.farm());
    Files.writeString(file, "DARKROOM_QUEU=posters\n", StandardOpenOption.APPEND);
    for (String command : List.of("status", "dead list", "queues resume default", "workers")) {
      assertThat(Typed.on(file, command.split(" ")).err())
          .startsWith("warning: " + file + ", line 7: nothing reads DARKROOM_QUEU; did you mean ")
          .containsOnlyOnce("warning: ");
    }
  }

  @Test
  void resumingOnAnotherQueueSaysWhatStaysCancelled() throws IOException {
    String[] theirs = {"--queue", "theirs"};
    assertThat(run("init", theirs).code()).isZero();
    assertThat(run("init", "--queue", "other").code()).isZero();
    String[] one = {"--prompt", "a ball", "--seed", "8", "--batch", "strayed"};
    String id = run("submit", with(theirs, one)).lines().get(0);
    assertThat(run("cancel", with(theirs, "strayed")).code()).isZero();

    Path file = Typed.farmFile(folder.resolve("strayed.env"), farm.farm());
    Files.writeString(file, "DARKROOM_QUEU=theirs\n", StandardOpenOption.APPEND);
    Typed resumed = Typed.on(file, "resume", "strayed", "--queue", "other");
    assertThat(resumed.code()).isEqualTo(1);
    assertThat(resumed.err())
        .contains("1 job stayed cancelled, never on queue 'other' (--queue names theirs): " + id)
        .containsOnlyOnce("warning: ");
  }

  @Test
  void aDryRunLeavesNothing() throws IOException {
    Typed dry = run("submit", "--prompt", "a cone", "--count", "3", "--batch", "dry", "--dry-run");
    assertThat(dry.lines()).hasSize(3);
    String sweep = "{\"prompt\":\"a {c} cube\",\"words\":{\"c\":[\"red\",\"blue\"]}}";
    String file = Files.writeString(folder.resolve("sweep.jsonl"), sweep).toString();
    Typed swept = run("submit", "--file", file, "--batch", "dry", "--dry-run", "--json");
    assertThat(swept.lines())
        .extracting(line -> RenderJob.fromJson(Json.parse(line).get("job")))
        .extracting(job -> job.prompts().prompt())
        .containsExactly("a red cube", "a blue cube");
    refused("no batch", "status", "dry");
  }

  private static void refused(String because, String... typed) {
    Typed answer = run(typed);
    assertThat(answer.err()).contains(because).hasLineCount(1);
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.out()).isEmpty();
  }

  private static JsonNode status(String batch) {
    Typed answer = run("status", batch, "--json", "--queue", batch);
    assertThat(answer.err()).isEmpty();
    return Json.parse(answer.out()).get("states");
  }

  /** What workers do, without rendering. */
  private static void finishAll(String queue, int count, byte[] picture) {
    try (KafkaJobQueue jobs = new KafkaJobQueue(farm.kafka(), queue);
        S3ResultStore store = farm.farm().store()) {
      for (int i = 0; i < count; i++) {
        Lease lease = jobs.lease(Duration.ofSeconds(20)).orElseThrow();
        finish(store, QueuedJob.fromJson(lease.payload()), picture);
        assertThat(lease.accept()).isTrue();
      }
    }
  }

  private static void saySo(String id, JobState state) {
    Instant now = Instant.parse("2026-01-31T12:00:00Z");
    try (EventLog events = farm.farm().events()) {
      events.publish(
          List.of(
              new JobEvent(
                  id,
                  state,
                  now,
                  Optional.empty(),
                  Optional.of("w"),
                  1,
                  Optional.empty(),
                  Optional.empty())));
    }
  }

  private static void rejectOne(String queue) {
    try (KafkaJobQueue jobs = new KafkaJobQueue(farm.kafka(), queue)) {
      assertThat(jobs.lease(Duration.ofSeconds(20)).orElseThrow().reject()).isTrue();
    }
    try (KafkaQueueStatus status = new KafkaQueueStatus(farm.kafka(), queue)) {
      Await.until("a dead letter", Duration.ofSeconds(20), () -> status.read().deadLetters() == 1);
    }
  }

  private static String[] with(String[] queue, String... typed) {
    return Stream.concat(Stream.of(typed), Stream.of(queue)).toArray(String[]::new);
  }

  private static Typed run(String command, String[] typed) {
    return run(Stream.concat(Stream.of(command), Stream.of(typed)).toArray(String[]::new));
  }

  private static void finish(S3ResultStore store, QueuedJob queued, byte[] picture) {
    RenderJob job = queued.job();
    String key = StoreKeys.output(queued.id().text(), 0, "png");
    StoredImage image = new StoredImage(key, Sha256.hex(picture), picture.length, job.seedOf(0));
    Instant now = Instant.parse("2026-01-31T12:00:00Z");
    RenderRecord record =
        new RenderRecord(
            queued.id(),
            job,
            new RenderConditions(
                "w", "cpu", "float32", "resident", 1, 1, new TreeMap<>(), List.of()),
            new RenderTimings(now, now, 2, 0.1, new TreeMap<>()),
            List.of(image),
            List.of());
    store.putIfAbsent(key, picture, "image/png");
    store.putIfAbsent(StoreKeys.record(queued.id().text()), record.toJson(), "application/json");
  }

  private static Typed run(String... typed) {
    return farm.type(typed);
  }
}

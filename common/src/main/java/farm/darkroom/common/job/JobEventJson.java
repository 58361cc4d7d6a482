package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.CanonicalJson;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import farm.darkroom.common.json.Problems;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A JobEvent as it goes on {@code darkroom.events}. Unknown fields are passed over. */
final class JobEventJson {
  private static final List<String> STATES =
      Stream.of(JobState.values()).map(JobState::label).toList();
  private static final List<String> KINDS =
      Stream.of(FailureKind.values()).map(FailureKind::name).toList();
  private static final JsonType<JobState> STATE =
      JsonTypes.oneOf(STATES).as(name -> JobState.valueOf(name.toUpperCase(Locale.ROOT)));
  private static final JsonType<String> TEXT = JsonTypes.anyText();
  private static final JsonType<JobEvent> EVENT = JsonTypes.object(JobEventJson::read);

  private JobEventJson() {}

  static byte[] write(JobEvent event) {
    ObjectNode node = Json.object();
    node.put("job_id", event.jobId());
    node.put("state", event.state().label());
    node.put("at", event.at().toString());
    node.put("attempt", event.attempt());
    event.batch().ifPresent(batch -> node.put("batch", batch));
    event.worker().ifPresent(worker -> node.put("worker", worker));
    event.kind().ifPresent(kind -> node.put("kind", kind.name()));
    event.reason().ifPresent(reason -> node.put("reason", reason));
    event.record().ifPresent(record -> node.put("record", record));
    return CanonicalJson.bytes(node);
  }

  /**
   * @throws FarmException INVALID_JOB when the bytes are no event
   */
  static JobEvent read(byte[] bytes) {
    Problems problems = new Problems();
    Optional<JobEvent> event = EVENT.read(Json.parse(bytes), "$", problems);
    problems.throwIfAny();
    return event.orElseThrow();
  }

  private static Optional<JobEvent> read(Fields f) {
    Optional<String> jobId = f.required("job_id", TEXT);
    Optional<JobState> state = f.required("state", STATE);
    Optional<Instant> at = f.required("at", JsonTypes.instant());
    Optional<String> batch = f.optional("batch", TEXT);
    Optional<String> worker = f.optional("worker", TEXT);
    int attempt = f.or("attempt", JsonTypes.integer(0, Integer.MAX_VALUE), 0);
    Optional<FailureKind> kind =
        f.optional("kind", JsonTypes.oneOf(KINDS).as(FailureKind::valueOf));
    Optional<String> reason = f.optional("reason", TEXT);
    Optional<String> record = f.optional("record", TEXT);
    return jobId.isEmpty() || state.isEmpty() || at.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new JobEvent(
                jobId.get(), state.get(), at.get(), batch, worker, attempt, kind, reason, record));
  }
}

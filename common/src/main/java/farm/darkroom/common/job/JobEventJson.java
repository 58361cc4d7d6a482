package farm.darkroom.common.job;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.CanonicalJson;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
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
    FieldWriter out =
        new FieldWriter()
            .put("job_id", event.jobId())
            .put("state", event.state().label())
            .put("at", event.at().toString())
            .put("attempt", event.attempt())
            .put("batch", event.batch())
            .put("worker", event.worker())
            .put("kind", event.kind().map(FailureKind::name))
            .put("reason", event.reason())
            .put("record", event.record());
    return CanonicalJson.bytes(out.done());
  }

  /**
   * @throws FarmException INVALID_JOB when the bytes are no event
   */
  static JobEvent read(byte[] bytes) {
    return EVENT.require(Json.parse(bytes));
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

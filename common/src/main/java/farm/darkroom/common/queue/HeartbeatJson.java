package farm.darkroom.common.queue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.CanonicalJson;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import farm.darkroom.common.queue.Heartbeat.Render;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A Heartbeat as it goes on {@code darkroom.progress}. Unknown fields are passed over. */
final class HeartbeatJson {
  private static final JsonType<String> NAME = JsonTypes.text(1024);
  private static final JsonType<Integer> COUNT = JsonTypes.integer(0, Integer.MAX_VALUE);
  private static final JsonType<Render> RENDER = JsonTypes.object(HeartbeatJson::readRender);
  private static final JsonType<Heartbeat> HEARTBEAT = JsonTypes.object(HeartbeatJson::read);

  private HeartbeatJson() {}

  static byte[] write(Heartbeat beat) {
    FieldWriter out =
        new FieldWriter()
            .put("worker", beat.worker())
            .put("at", beat.at().toString())
            .put("state", beat.state())
            .put("device", beat.device())
            .put("models", beat.models())
            .put("render", beat.render().map(HeartbeatJson::write))
            .put("memory_bytes", beat.memoryBytes())
            .put("trouble", beat.trouble())
            .put("queue", beat.queue())
            .put("leases", beat.leases());
    return CanonicalJson.bytes(out.done());
  }

  private static ObjectNode write(Render render) {
    return new FieldWriter()
        .put("job_id", render.jobId())
        .put("batch", render.batch())
        .put("step", render.step())
        .put("steps", render.steps())
        .put("iterations_per_second", render.iterationsPerSecond())
        .put("residency", render.residency())
        .done();
  }

  /**
   * @throws farm.darkroom.common.FarmException INVALID_JOB when the bytes are no heartbeat
   */
  static Heartbeat read(byte[] bytes) {
    return HEARTBEAT.require(Json.parse(bytes));
  }

  private static Optional<Heartbeat> read(Fields f) {
    Optional<String> worker = f.required("worker", NAME);
    Optional<Instant> at = f.required("at", JsonTypes.instant());
    Optional<String> state = f.required("state", NAME);
    String device = f.or("device", NAME, "");
    List<String> models = f.or("models", JsonTypes.listOf(NAME, 0, 100_000), List.of());
    Optional<Render> render = f.optional("render", RENDER);
    long memory = f.or("memory_bytes", JsonTypes.whole(0, Long.MAX_VALUE), 0L);
    Optional<String> trouble = f.optional("trouble", JsonTypes.text(1 << 16));
    Optional<String> queue = f.optional("queue", NAME);
    Optional<Integer> leases = f.optional("leases", COUNT);
    return worker.isEmpty() || at.isEmpty() || state.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Heartbeat(
                worker.get(),
                at.get(),
                state.get(),
                device,
                models,
                render,
                memory,
                trouble,
                queue,
                leases));
  }

  private static Optional<Render> readRender(Fields f) {
    Optional<String> job = f.required("job_id", NAME);
    Optional<String> batch = f.optional("batch", NAME);
    int step = f.or("step", COUNT, 0);
    int steps = f.or("steps", COUNT, 0);
    double rate = f.or("iterations_per_second", JsonTypes.number(0, 1e9), 0.0);
    String residency = f.or("residency", NAME, "");
    return job.map(id -> new Render(id, batch, step, steps, rate, residency));
  }
}

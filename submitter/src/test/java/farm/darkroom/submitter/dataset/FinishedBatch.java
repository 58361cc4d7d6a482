package farm.darkroom.submitter.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderConditions;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.RenderTimings;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.store.InMemoryResultStore;
import farm.darkroom.common.store.StoreKeys;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;

/** A batch in a store in memory, as submitter and workers leave it. */
public final class FinishedBatch {
  public final InMemoryResultStore store = new InMemoryResultStore();
  private final List<BatchManifest.Entry> entries = new ArrayList<>();

  /** A job of the batch that nobody has rendered yet. */
  RenderJob submit(String json, Map<String, String> labels) {
    RenderJob job = RenderJob.fromJson(json.replace('\'', '"').getBytes(UTF_8));
    entries.add(new BatchManifest.Entry(JobId.of(job), new TreeMap<>(labels)));
    store.put(StoreKeys.manifest("night"), manifest().toJsonLines(), "application/jsonl");
    return job;
  }

  /** Stores one output per picture of the job, and the record. */
  RenderRecord finish(RenderJob job, String extension) throws IOException {
    JobId id = JobId.of(job);
    List<StoredImage> images = new ArrayList<>();
    for (int i = 0; i < job.numImagesPerPrompt(); i++) {
      byte[] bytes = png((int) job.seedOf(i));
      String key = StoreKeys.output(id.text(), i, extension);
      store.putIfAbsent(key, bytes, "image/png");
      images.add(new StoredImage(key, Sha256.hex(bytes), bytes.length, job.seedOf(i)));
    }
    RenderRecord record = new RenderRecord(id, job, conditions(), timings(), images, List.of());
    store.putIfAbsent(StoreKeys.record(id.text()), record.toJson(), "application/json");
    return record;
  }

  public RenderRecord add(String json, Map<String, String> labels) throws IOException {
    return finish(submit(json, labels), "png");
  }

  /** Puts a byte in place of the job's record, and says under which key. */
  String damageRecord(RenderRecord record) {
    String key = StoreKeys.record(record.id().text());
    store.delete(key);
    store.putIfAbsent(key, new byte[] {0}, "application/json");
    return key;
  }

  BatchManifest manifest() {
    return new BatchManifest(entries);
  }

  static byte[] png(int seed) throws IOException {
    BufferedImage image = new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, seed);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private static RenderConditions conditions() {
    return new RenderConditions(
        "w-1", "cpu", "float32", "resident", 1, 1, new TreeMap<>(), List.of());
  }

  private static RenderTimings timings() {
    Instant start = Instant.parse("2026-01-31T12:00:00Z");
    return new RenderTimings(start, start.plusSeconds(1), 3, 0.3, new TreeMap<>());
  }
}

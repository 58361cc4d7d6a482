package farm.darkroom.common.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.CanonicalJson;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code manifest.jsonl} of a batch: what was submitted together, one line per job, in order.
 * Labels stand here since they are the batch's: two batches may label the same job differently.
 */
public record BatchManifest(List<Entry> entries) {
  /** The most bytes that a manifest has; a million jobs with a short label fit. */
  public static final int LARGEST = 256 << 20;

  private static final JsonType<Entry> ENTRY = JsonTypes.object(BatchManifest::read);

  /** One job of the batch. */
  public record Entry(JobId id, SortedMap<String, String> labels) {

    public Entry {
      requireNonNull(id, "id");
      labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }
  }

  public BatchManifest {
    entries = List.copyOf(entries);
  }

  /** The ids of its jobs, in order. */
  public List<String> ids() {
    return entries.stream().map(entry -> entry.id().text()).toList();
  }

  /** JSON Lines, UTF-8. */
  public byte[] toJsonLines() {
    StringBuilder out = new StringBuilder();
    for (Entry entry : entries) {
      FieldWriter line = new FieldWriter().put("id", entry.id().text());
      line.putUnless(Collections.emptySortedMap(), "labels", entry.labels());
      out.append(CanonicalJson.text(line.done())).append('\n');
    }
    return out.toString().getBytes(UTF_8);
  }

  /**
   * Reads a manifest; fields of a later version are passed over.
   *
   * @throws FarmException INVALID_JOB that names the line
   */
  public static BatchManifest fromJsonLines(byte[] bytes) {
    List<Entry> entries = new ArrayList<>();
    int line = 0;
    for (String text : new String(bytes, UTF_8).lines().toList()) {
      line++;
      if (!text.isBlank()) {
        entries.add(entry(text, line));
      }
    }
    return new BatchManifest(entries);
  }

  private static Entry entry(String text, int line) {
    try {
      return ENTRY.require(Json.parse(text));
    } catch (FarmException e) {
      throw new FarmException(e.kind(), "manifest, line " + line + ": " + e.getMessage(), e);
    }
  }

  private static Optional<Entry> read(Fields f) {
    Optional<JobId> id = f.required("id", JobId.type());
    SortedMap<String, String> labels =
        f.or("labels", RenderJobJson.LABELS, Collections.emptySortedMap());
    return id.map(present -> new Entry(present, labels));
  }
}

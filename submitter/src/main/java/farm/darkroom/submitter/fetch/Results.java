package farm.darkroom.submitter.fetch;

import farm.darkroom.common.AtomicFile;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.store.RepairHint;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads finished jobs from the store. Thread-safe. */
public record Results(ResultStore store) {
  private static final String RECORD = "record.json";

  /**
   * A finished job.
   *
   * @param json the record as it lies in the store
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
  public record Result(RenderRecord record, byte[] json) {}

  /**
   * A job's result; empty if it is not done.
   *
   * @throws FarmException STORE_UNAVAILABLE; RENDER_FAILED when what lies there is no record of
   *     this job
   */
  public Optional<Result> find(JobId id) {
    return get(StoreKeys.record(id.text()), RenderRecord.LARGEST)
        .map(json -> new Result(record(id, json), json));
  }

  private static RenderRecord record(JobId id, byte[] json) {
    String key = StoreKeys.record(id.text());
    try {
      RenderRecord record = RenderRecord.fromJson(json);
      List<String> faults = RecordFaults.of(id, record);
      if (faults.isEmpty()) {
        return record;
      }
      throw damaged(key, String.join(" | ", faults));
    } catch (FarmException e) {
      throw e.kind() == FailureKind.INVALID_JOB ? damaged(key, e) : e;
    }
  }

  private Optional<byte[]> get(String key, long most) {
    try {
      return store.get(key, most);
    } catch (FarmException e) {
      throw e.kind() == FailureKind.INVALID_JOB ? damaged(key, e) : e;
    }
  }

  private static FarmException damaged(String key, FarmException why) {
    return damaged(key, "is damaged: " + why.getMessage());
  }

  private static FarmException damaged(String key, String what) {
    return new FarmException(
        FailureKind.RENDER_FAILED, "%s %s; %s".formatted(key, what, RepairHint.of(key)));
  }

  /**
   * The outcome of downloading a job.
   *
   * @param files images first
   * @param damage a line for each thing that is not whole in the store
   */
  public record Download(List<Path> files, List<String> damage) {
    public Download {
      files = List.copyOf(files);
      damage = List.copyOf(damage);
    }
  }

  /**
   * Writes a job's whole images and {@code record.json} into {@code folder}, the record last, each
   * file as a whole and with the bytes that the record names.
   *
   * @throws FarmException STORE_UNAVAILABLE
   * @throws UncheckedIOException when the disk refuses
   */
  public Download download(Result result, Path folder) {
    List<Path> files = new ArrayList<>();
    List<String> damage = new ArrayList<>();
    try {
      Set<String> names =
          result.record().images().stream().map(Results::name).collect(Collectors.toSet());
      AtomicFile.clear(folder, name -> names.contains(name) || name.equals(RECORD));
      for (StoredImage image : result.record().images()) {
        FetchResult<byte[]> bytes = FetchResult.of(() -> Optional.of(bytes(image)));
        bytes.damage().ifPresent(damage::add);
        if (bytes.found().isPresent()) {
          files.add(write(folder.resolve(name(image)), bytes.found().get()));
        }
      }
      files.add(write(folder.resolve(RECORD), result.json()));
      return new Download(files, damage);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A picture, or latents, with the SHA-256 that the record names.
   *
   * @throws FarmException STORE_UNAVAILABLE; RENDER_FAILED when what lies there is another
   */
  public byte[] bytes(StoredImage image) {
    byte[] bytes =
        get(image.key(), image.bytes())
            .orElseThrow(() -> damaged(image.key(), "is not in the store though its record is"));
    if (!Sha256.hex(bytes).equals(image.sha256())) {
      throw damaged(image.key(), "is not the picture that its record names (SHA-256)");
    }
    return bytes;
  }

  private static String name(StoredImage image) {
    return image.key().substring(image.key().lastIndexOf('/') + 1);
  }

  private static Path write(Path file, byte[] bytes) throws IOException {
    AtomicFile.write(file, bytes);
    return file;
  }
}

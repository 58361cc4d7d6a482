package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.WeightFile;
import farm.darkroom.worker.render.model.WeightHashes.Pinned;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Weight files held open until they are hashed, in the background once {@link #begin} is called.
 * Not thread-safe.
 */
public final class PinnedWeights implements AutoCloseable {
  private final List<Part> parts;
  private Optional<CompletableFuture<List<WeightFile>>> hashed = Optional.empty();

  /**
   * One of the files.
   *
   * @param model what it belongs to, as jobs call that
   * @param path relative to the folder of that
   */
  record Part(String model, String path, Pinned pinned) implements AutoCloseable {
    Part {
      requireNonNull(model, "model");
      requireNonNull(path, "path");
      requireNonNull(pinned, "pinned");
    }

    private WeightFile hashed() {
      return new WeightFile(model, path, pinned.hash().get(), pinned.size());
    }

    @Override
    public void close() {
      pinned.close();
    }
  }

  PinnedWeights(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /** No files. */
  static PinnedWeights none() {
    PinnedWeights none = new PinnedWeights(List.of());
    none.begin();
    return none;
  }

  /** Begins to hash in the background. */
  void begin() {
    hashed = Optional.of(CompletableFuture.supplyAsync(this::hash));
  }

  private List<WeightFile> hash() {
    try {
      return parts.stream().map(Part::hashed).toList();
    } finally {
      closeAll();
    }
  }

  /**
   * Waits for the hashes, and returns the files with them.
   *
   * @throws farm.darkroom.common.FarmException WORKER_UNFIT when one cannot be read
   */
  public List<WeightFile> files() {
    try {
      return hashed.orElseThrow().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException why ? why : e;
    }
  }

  /** Whether hashing has failed by now. */
  boolean failed() {
    return hashed.filter(CompletableFuture::isCompletedExceptionally).isPresent();
  }

  /** Closes the files unless hashing has begun, which then goes on to its end. */
  @Override
  public void close() {
    if (hashed.isEmpty()) {
      closeAll();
    }
  }

  private void closeAll() {
    parts.forEach(Part::close);
  }
}

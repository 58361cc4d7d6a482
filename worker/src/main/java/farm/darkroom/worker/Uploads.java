package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.ResultStore.Put;

/** Puts a job's objects into the store; what lies there already stays. */
final class Uploads {
  private static final long MAX_OUTPUT = 1L << 30;
  private final ResultStore store;

  Uploads(ResultStore store) {
    this.store = requireNonNull(store, "store");
  }

  /**
   * Stores an output, or adopts the one that a worker left which died before its record.
   *
   * @return the SHA-256 of what is stored now
   */
  String output(String jobId, ResultFile file) {
    String key = file.key(jobId);
    return switch (store.putIfAbsent(key, file.bytes(), file.contentType())) {
      case CREATED -> Sha256.hex(file.bytes());
      case EXISTS -> adopted(key);
    };
  }

  /** Commits the job, unless another worker did. */
  Put record(String key, byte[] json) {
    return store.putIfAbsent(key, json, "application/json");
  }

  private String adopted(String key) {
    return store
        .get(key, MAX_OUTPUT)
        .map(Sha256::hex)
        .orElseThrow(
            () ->
                new FarmException(
                    FailureKind.STORE_UNAVAILABLE,
                    "store says that %s exists and does not have it".formatted(key)));
  }
}

package farm.darkroom.common.job;

import java.util.Optional;

/** Where a file that a job names lies: in a store, or under a name or path of a machine. */
public sealed interface Reference permits FileReference, ImageReference {

  /** The reference as it stands in the job. */
  String text();

  /** Whether the file lies in a store. */
  default boolean isStored() {
    return StoredReference.isStoreReference(text());
  }

  /** The bucket of a stored file; empty for the farm's own. */
  default Optional<String> bucket() {
    return StoredReference.of(text()).flatMap(StoredReference::bucket);
  }

  /** The key of a stored file in its bucket; empty for a name or path. */
  default Optional<String> key() {
    return StoredReference.of(text()).map(StoredReference::key);
  }

  /** The SHA-256, in hexadecimal, of a file that is stored under its own hash. */
  default Optional<String> sha256() {
    return StoredReference.of(text()).flatMap(StoredReference::sha256);
  }
}

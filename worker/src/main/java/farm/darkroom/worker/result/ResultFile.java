package farm.darkroom.worker.result;

import farm.darkroom.common.job.JobId;
import farm.darkroom.common.store.StoreKeys;

/**
 * One output as a file.
 *
 * @param index its place among the job's outputs, from 0
 * @param extension {@code png}, or {@code safetensors} for latents
 */
@SuppressWarnings("ArrayRecordComponent") // a file's bytes are handed over, never compared
public record ResultFile(int index, String extension, String contentType, byte[] bytes) {

  public String name() {
    return index + "." + extension;
  }

  /** Where it lies in the store. */
  String key(JobId id) {
    return StoreKeys.output(id.text(), index, extension);
  }
}

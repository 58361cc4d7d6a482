package farm.darkroom.submitter.submit;

import static java.nio.charset.StandardCharsets.UTF_8;

import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.json.CanonicalJson;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Seeds for the jobs of a file that have none: the first 32 bits of the SHA-256 of the job, of how
 * many like it came before, and of the batch. The same file gives the same seeds, so submitting it
 * again renders nothing; a job that stands there twice gives two pictures. Not thread-safe.
 */
public final class DerivedSeeds {
  private static final long SEEDS = 0xffff_ffffL;
  private final String batch;
  private final Map<String, Integer> seen = new HashMap<>();

  /**
   * @param batch empty for none
   */
  public DerivedSeeds(String batch) {
    this.batch = batch;
  }

  /** The seed of a job without one, the next of its kind. */
  public long next(RenderJob job) {
    String text = CanonicalJson.text(job.byHash().toJson());
    int occurrence = seen.merge(text, 1, Integer::sum);
    byte[] hash = Sha256.of((text + "\n" + occurrence + "\n" + batch).getBytes(UTF_8));
    return ByteBuffer.wrap(hash).getInt() & SEEDS;
  }
}

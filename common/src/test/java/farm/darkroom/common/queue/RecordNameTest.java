package farm.darkroom.common.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordNameTest {
  private static final byte[] GARBAGE = {(byte) 0xff};
  private static final RenderJob JOB =
      RenderJob.fromJson("{\"model\":\"demo\",\"prompt\":\"a cube\",\"seed\":1}".getBytes(UTF_8));
  private static final String ID = JobId.of(JOB).text();

  @Test
  void jobIsNamedByItsId() {
    byte[] payload = new QueuedJob(JOB, Optional.empty(), Instant.EPOCH).toJson();
    assertThat(RecordName.of("another", payload)).isEqualTo(ID);
    assertThat(RecordName.of(null, payload)).isEqualTo(ID);
  }

  @Test
  void garbageIsNamedByPlainKey() {
    assertThat(RecordName.of("noise-1", GARBAGE)).isEqualTo("noise-1");
    assertThat(RecordName.of("a b", GARBAGE)).startsWith("unkeyed-");
    assertThat(RecordName.of(null, GARBAGE)).startsWith("unkeyed-");
  }

  @Test
  void garbageUnderJobIdIsNamedByHash() {
    assertThat(RecordName.of(ID, GARBAGE)).startsWith("unkeyed-");
  }
}

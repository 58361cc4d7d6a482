package farm.darkroom.common.job;

import static farm.darkroom.common.job.RenderJobTest.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class JobIdTest {
  private static final String SHA = "0123456789abcdef".repeat(4);

  /** Ids are for ever: this one may never change. */
  @Test
  void idOfAKnownJobNeverChanges() {
    assertThat(JobId.of(job("'seed': 1")).text()).isEqualTo("jevgwbp2s4va04f2nfep5t6a2m");
  }

  @Test
  void ignoresLabelsAndSpelledDefaults() {
    JobId id = JobId.of(job("'seed': 1"));
    assertThat(JobId.of(job("'labels': {'a': 'b'}, 'seed': 1.0, 'guidance_scale': 5")))
        .isEqualTo(id);
    assertThat(JobId.of(job("'seed': 2"))).isNotEqualTo(id);
  }

  @Test
  void knowsAnUploadedPictureByItsHashInAnyBucket() {
    JobId one = JobId.of(job("'seed': 1, 'image': 's3://one/inputs/" + SHA + "'"));
    assertThat(JobId.of(job("'seed': 1, 'image': 's3://two/inputs/" + SHA + "'"))).isEqualTo(one);
    assertThat(JobId.of(job("'seed': 1, 'image': 's3://two/other'"))).isNotEqualTo(one);
  }

  @Test
  void needsASeed() {
    assertThatThrownBy(() -> JobId.of(job(""))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void parsesMixedCaseAndLookAlikeLetters() {
    JobId id = JobId.of(job("'seed': 1"));
    assertThat(JobId.parse(" " + id.text().toUpperCase(Locale.ROOT).replace('0', 'O') + "\n"))
        .isEqualTo(id);
    String typed = " JEVGWBP2S4VAO4F2NFEP5T6A2M ";
    assertThat(JobId.looksLike(typed)).isTrue();
    assertThat(JobId.parse(typed)).isEqualTo(id);
    assertThat(JobId.looksLike("l" + id.text().substring(1))).isTrue();
    assertThat(JobId.isId(typed)).isFalse();
    assertThat(JobId.isId(id.text())).isTrue();
    assertThatThrownBy(() -> JobId.parse("abc"))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("job id: found \"abc\"");
    assertThatThrownBy(() -> JobId.parse("Night")).hasMessageContaining("found \"Night\"");
  }
}

package farm.darkroom.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PreviewRateTest {
  @Test
  void previewsFollowTheConfiguredRate() {
    PreviewRate third = new PreviewRate(3);
    assertThat(List.of(1, 2, 3, 4, 5, 6)).filteredOn(third::has).containsExactly(1, 3, 6);
  }
}

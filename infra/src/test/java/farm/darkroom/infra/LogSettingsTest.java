package farm.darkroom.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LogSettingsTest {

  /** As compose files and charts leave a variable that nobody filled in. */
  @Test
  void anEmptyVariableIsNone() {
    assertThat(LogSettings.form(Map.of("DARKROOM_LOG", ""))).isEqualTo("text");
    assertThat(LogSettings.complaint(Map.of("DARKROOM_LOG", "", "DARKROOM_LOG_LEVEL", "")))
        .isEmpty();
  }

  @Test
  void levelsAreTakenInAnyCase() {
    assertThat(LogSettings.complaint(Map.of("DARKROOM_LOG_LEVEL", "debug"))).isEmpty();
    assertThat(LogSettings.complaint(Map.of("DARKROOM_LOG_LEVEL", "verbose")))
        .contains("DARKROOM_LOG_LEVEL 'verbose'; allowed: TRACE, DEBUG, INFO, WARN, ERROR and OFF");
  }
}

package farm.darkroom.common.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerAliasesTest {

  @Test
  void knowsWhatTheDiffusersTableSays() {
    SchedulerChoice choice = SamplerAliases.find("DPM++ 2M SDE Karras").orElseThrow();
    assertThat(choice.name()).isEqualTo("DPMSolverMultistepScheduler");
    assertThat(choice.config())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("algorithm_type", "sde-dpmsolver++", "use_karras_sigmas", true));
    assertThat(SamplerAliases.find("euler A").map(SchedulerChoice::name))
        .contains("EulerAncestralDiscreteScheduler");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UniPCMultistepScheduler", "UniPCMultistep", "UniPC", "unipc"})
  void takesClassNamesToo(String typed) {
    assertThat(SamplerAliases.find(typed).map(SchedulerChoice::name))
        .contains("UniPCMultistepScheduler");
  }

  @Test
  void everyAliasIsFoundAgainFromItsScheduler() {
    SamplerAliases.all()
        .forEach((alias, choice) -> assertThat(SamplerAliases.nameOf(choice)).isEqualTo(alias));
  }

  @Test
  void theDocumentNamesAllOfThem() throws IOException {
    String document = Files.readString(Path.of("../docs/jobs.md"));
    String table = document.substring(document.indexOf("## Samplers"));
    assertThat(table.substring(0, table.indexOf("## Job files")))
        .contains(SchedulerNames.all())
        .contains(
            SamplerAliases.all().keySet().stream()
                .filter(name -> !name.matches(".* (Karras|Exponential|Beta|SGM Uniform)"))
                .map("`%s`"::formatted)
                .toList());
  }

  @Test
  void namesASchedulerByItsWholeConfig() {
    TreeMap<String, Object> config = new TreeMap<>();
    config.put("algorithm_type", "dpmsolver++");
    config.put("solver_order", 2);
    config.put("use_karras_sigmas", true);
    config.put("use_beta_sigmas", false);
    assertThat(SamplerAliases.nameOf(new SchedulerChoice("DPMSolverMultistepScheduler", config)))
        .isEqualTo("DPM++ 2M Karras");
    assertThat(SamplerAliases.nameOf(new SchedulerChoice("EDMEulerScheduler", config)))
        .isEqualTo("EDMEulerScheduler");
  }

  @Test
  void offersNoScheduleThatASamplerLacks() {
    assertThat(SamplerAliases.all())
        .containsKeys("Heun Karras", "DDIM SGM Uniform")
        .doesNotContainKeys("DDIM Karras", "LCM Karras");
  }

  @Test
  void suggestsWhatWasMeant() {
    assertThatThrownBy(() -> RenderJobTest.job("'scheduler': 'DPM++ 2M SDE Karas'"))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("found \"DPM++ 2M SDE Karas\"")
        .hasMessageEndingWith("did you mean DPM++ 2M SDE Karras?");
  }

  @Test
  void aJobMayNameItsSchedulerInOneWord() {
    RenderJob job = RenderJobTest.job("'scheduler': 'DPM++ 2M Karras'");
    assertThat(job)
        .isEqualTo(
            RenderJobTest.job(
                "'scheduler': {'name': 'DPMSolverMultistepScheduler', 'use_karras_sigmas': true}"));
    assertThatThrownBy(() -> RenderJobTest.job("'scheduler': 'Eular'"))
        .hasMessageContaining("$.scheduler: found \"Eular\"")
        .hasMessageContaining("did you mean Euler?");
  }
}

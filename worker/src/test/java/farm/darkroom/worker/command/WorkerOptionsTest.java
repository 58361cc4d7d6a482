package farm.darkroom.worker.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.worker.WorkerSettings;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.result.PreviewRate;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class WorkerOptionsTest {
  @Command
  private static final class Flags {
    @Mixin private WorkerOptions worker;
    @Mixin private EngineOptions engine;
  }

  @Test
  void defaultsAreOnePerProcess() {
    WorkerSettings settings = flags().worker.settings("q", "cpu");
    assertThat(settings.id()).endsWith("-" + ProcessHandle.current().pid());
    assertThat(settings.grace()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.health()).isEmpty();
  }

  @Test
  void healthIsServedOnLoopbackUnlessTold() {
    WorkerSettings settings = flags("--health-port", "0").worker.settings("q", "cpu");
    assertThat(settings.health().orElseThrow().getAddress().isLoopbackAddress()).isTrue();
  }

  @Test
  void previewsAreMadeWhereTheyAreAskedFor() {
    assertThat(flags().worker.settings("q", "cpu").previews()).isEmpty();
    assertThat(flags().worker.previewVae()).isEmpty();
    Flags typed = flags("--previews", "--preview-every", "5", "--preview-vae", "org/tiny");
    assertThat(typed.worker.settings("q", "cpu").previews()).contains(new PreviewRate(5));
    assertThat(typed.worker.previewVae()).contains("org/tiny");
    assertThatThrownBy(() -> flags("--preview-every", "5"))
        .hasMessageContaining("Missing required argument(s): --previews");
    assertThatThrownBy(
            () -> flags("--previews", "--preview-every", "0").worker.settings("q", "cpu"))
        .hasMessage("--preview-every: found 0, allowed: 1 to 1000");
  }

  @Test
  void wrongValuesAreNamed() {
    assertThatThrownBy(() -> flags("--name", "a b").worker.settings("q", "cpu"))
        .hasMessageContaining("--name: found 'a b'");
    assertThatThrownBy(() -> flags("--grace", "-1").worker.settings("q", "cpu"))
        .hasMessageContaining("--grace: found -1");
    assertThatThrownBy(() -> flags("--health-port", "65536").worker.settings("q", "cpu"))
        .hasMessage("--health-port: found 65536, allowed: 0 to 65535");
    assertThatThrownBy(() -> flags("--device", "tpu").engine.settings(Map.of()))
        .hasMessage("device: found 'tpu', allowed: cpu and cuda:N");
    assertThatThrownBy(() -> flags().engine.settings(Map.of("DARKROOM_THREADS", "two")))
        .hasMessageContaining("'two'");
    assertThatThrownBy(() -> flags().engine.settings(Map.of("DARKROOM_RESIDENCY", "disk")))
        .hasMessage("DARKROOM_RESIDENCY: found 'disk', allowed: resident, model and sequential");
  }

  @Test
  void typedFlagsGoBeforeVariablesBeforeDefaults() {
    Map<String, String> variables =
        Map.of(
            "DARKROOM_THREADS", "3", "DARKROOM_RESIDENCY", "model", "DARKROOM_DTYPE", "bfloat16");
    EngineSettings settings = flags("--threads", "2").engine.settings(variables);
    assertThat(settings.threads()).isEqualTo(2);
    assertThat(settings.residency()).contains(Residency.MODEL);
    assertThat(settings.dtype().label()).isEqualTo("bfloat16");
    assertThat(flags("--device", "cuda").engine.settings(Map.of()).device()).isEqualTo("cuda:0");
    assertThat(flags("--device", "cuda").engine.settings(Map.of()).dtype().label())
        .isEqualTo("float16");
  }

  @Test
  void dtypeIsTheSameOnEveryCpuUnlessTold() {
    assertThat(flags().engine.settings(Map.of()).dtype().label()).isEqualTo("float32");
    assertThat(flags("--dtype", "auto").engine.settings(Map.of()).dtype().label())
        .isIn("float32", "bfloat16");
  }

  @Test
  void int8IsForCpus() {
    assertThat(flags("--quantize", "int8").engine.settings(Map.of()).quantisation().label())
        .isEqualTo("int8");
    assertThat(flags().engine.settings(Map.of("DARKROOM_QUANTIZE", "int8")).quantisation().label())
        .isEqualTo("int8");
    assertThat(flags().engine.settings(Map.of()).quantisation().label()).isEqualTo("none");
    assertThatThrownBy(() -> flags("--quantize", "int4").engine.settings(Map.of()))
        .hasMessage("--quantize: found 'int4', allowed: int8");
    assertThatThrownBy(
            () -> flags("--quantize", "int8", "--device", "cuda").engine.settings(Map.of()))
        .hasMessage("--quantize int8 on cuda:0: allowed on cpu only; GPUs compute in float16");
  }

  private static Flags flags(String... arguments) {
    Flags flags = new Flags();
    new CommandLine(flags).parseArgs(arguments);
    return flags;
  }
}

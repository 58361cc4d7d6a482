package farm.darkroom.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.worker.hub.FakeHub;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ModelPullCommandTest {
  @TempDir private Path models;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private FakeHub hub;

  @BeforeEach
  void publishTheRefiner() throws IOException {
    hub = new FakeHub("darkroom/demo-refiner").with(Path.of("demo-model/refiner"));
  }

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void pulledModelsPathIsPrinted() {
    assertThat(pull("darkroom/demo-refiner")).isZero();
    Path folder = models.resolve("darkroom/demo-refiner");
    assertThat(out.toString()).contains(folder.toString(), " files, ", "commit 0123456789abcdef");
    assertThat(folder.resolve("unet/diffusion_pytorch_model.safetensors"))
        .hasSameBinaryContentAs(
            Path.of("demo-model/refiner/unet/diffusion_pytorch_model.safetensors"));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void usageErrorIsOneLineAndExitCodeTwo() {
    assertThat(pull("darkroom/other")).isEqualTo(2);
    assertThat(pull("no model")).isEqualTo(2);
    assertThat(pull("darkroom/demo-refiner", "--variant", "bf16")).isEqualTo(2);
    assertThat(pull("darkroom/demo-refiner@v1", "--revision", "v2")).isEqualTo(2);
    assertThat(pull("darkroom/demo-refiner", "--connections", "0")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "pull: darkroom/other: there is no such model on " + hub.endpoint() + " (404)",
            "pull: 'no model' is no name of a repository; expected ORG/NAME, such as"
                + " stabilityai/stable-diffusion-xl-base-1.0",
            "pull: --variant: found 'bf16', allowed: fp16, or none for full precision",
            "pull: darkroom/demo-refiner@v1 and --revision v2 are two revisions; give one",
            "pull: connections: found 0, allowed: 1 to 32");
  }

  private int pull(String... typed) {
    CommandLine command =
        new CommandLine(new ModelPullCommand())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    String[] all = Arrays.copyOf(typed, typed.length + 4);
    all[typed.length] = "--models";
    all[typed.length + 1] = models.toString();
    all[typed.length + 2] = "--endpoint";
    all[typed.length + 3] = hub.endpoint().toString();
    return command.execute(all);
  }
}

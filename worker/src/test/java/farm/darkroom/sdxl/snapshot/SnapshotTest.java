package farm.darkroom.sdxl.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {

  /** diffusers' from_pretrained goes by model_index.json; snapshots exist that do not agree. */
  @Test
  void indexDecidesWhichSchedulerItIs(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("model_index.json"),
        """
        {"_class_name": "StableDiffusionXLPipeline", "scheduler": ["diffusers", "DDIMScheduler"]}
        """);
    Files.createDirectory(folder.resolve("scheduler"));
    Files.writeString(
        folder.resolve("scheduler/scheduler_config.json"),
        """
        {"_class_name": "EulerDiscreteScheduler", "beta_start": 0.00085}
        """);
    Snapshot snapshot = Snapshot.open(folder);
    assertThat(snapshot.schedulerConfig().get("_class_name").asText()).isEqualTo("DDIMScheduler");
    assertThat(snapshot.schedulerConfig().get("beta_start").asDouble()).isEqualTo(0.00085);
  }
}

package farm.darkroom.worker.render.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.render.engine.RenderDevice;
import farm.darkroom.worker.render.engine.TestSettings;
import farm.darkroom.worker.render.inventory.Snapshots;
import farm.darkroom.worker.render.inventory.TestFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PipelinesTest {
  private static final long MB = 1_000_000;
  private static final long KIB = 1024;
  private static final WeightPinning PINNING = new WeightPinning(new WeightHashes());
  private static final RenderPlan PLAN = RenderPlan.of(Residency.SEQUENTIAL);

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatWasKeptGoesBackBeforeARenderThatMayKeepNothing() throws IOException {
    EngineSettings settings = TestSettings.ONE_THREAD;
    Snapshots snapshots = TestFolders.demo().snapshots();
    try (RenderDevice device = new RenderDevice(settings);
        Pipelines pipelines =
            new Pipelines(snapshots, device, settings.precision(), new CacheCounts(), PINNING)) {
      pipelines.use(PLAN, true);
      fillAndFree();
      long kept = anonymous();
      pipelines.use(PLAN, false);
      assertThat(anonymous()).isLessThan(kept - 100 * MB);
    }
  }

  /** A model may be its own refiner. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aModelWhoseFilesChangeStaysOpenUntilTheRenderThatAskedForItIsOver(@TempDir Path folder)
      throws IOException {
    linkDemo(folder);
    EngineSettings settings = TestSettings.ONE_THREAD;
    ModelChoice mine = new ModelChoice("mine", folder, Optional.empty(), List.of());
    try (RenderDevice device = new RenderDevice(settings);
        Pipelines pipelines =
            new Pipelines(
                TestFolders.demo().snapshots(),
                device,
                settings.precision(),
                new CacheCounts(),
                PINNING)) {
      pipelines.use(PLAN, false);
      LoadedModel open = pipelines.get(mine);
      Files.setLastModifiedTime(folder.resolve("model_index.json"), FileTime.fromMillis(0));
      assertThat(pipelines.get(mine)).isSameAs(open);
      pipelines.use(PLAN, false);
      assertThat(pipelines.get(mine)).isNotSameAs(open);
    }
  }

  private static void linkDemo(Path folder) throws IOException {
    try (Stream<Path> parts = Files.list(Path.of("demo-model/base"))) {
      for (Path part : parts.toList()) {
        Path link = folder.resolve(part.getFileName());
        if (Files.isDirectory(part)) {
          Files.createSymbolicLink(link, part.toAbsolutePath());
        } else {
          Files.copy(part, link);
        }
      }
    }
  }

  /** Pieces that a thread's own heap has room for, 200 MB in all. */
  private static void fillAndFree() {
    List<Memory> pieces = Stream.generate(() -> new Memory(20 * MB)).limit(10).toList();
    pieces.forEach(Memory::clear);
    pieces.forEach(Memory::close);
  }

  /** Anonymous memory of this process. */
  private static long anonymous() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("RssAnon:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
        .findFirst()
        .orElseThrow();
  }
}

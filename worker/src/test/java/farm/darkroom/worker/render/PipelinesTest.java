package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.Residency;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PipelinesTest {
  private static final long MB = 1_000_000;
  private static final RenderPlan PLAN = RenderPlan.of(Residency.SEQUENTIAL);
  private final HostMemory host = new HostMemory(Path.of("/"));

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatWasKeptGoesBackBeforeARenderThatMayKeepNothing() {
    EngineSettings settings = TestRenderers.ONE_THREAD;
    Snapshots snapshots = TestRenderers.folders(Optional.empty()).snapshots();
    try (Host device = new Host(settings);
        Pipelines pipelines =
            new Pipelines(snapshots, device, settings.precision(), new CacheCounts())) {
      pipelines.roomy(true);
      pipelines.use(PLAN);
      fillAndFree();
      long kept = host.anonymous();
      pipelines.roomy(false);
      pipelines.use(PLAN);
      assertThat(host.anonymous()).isLessThan(kept - 100 * MB);
    }
  }

  /** Pieces that a thread's own heap has room for, 200 MB in all. */
  private static void fillAndFree() {
    List<Memory> pieces = Stream.generate(() -> new Memory(20 * MB)).limit(10).toList();
    pieces.forEach(Memory::clear);
    pieces.forEach(Memory::close);
  }
}

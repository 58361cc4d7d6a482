package farm.darkroom.worker.render.model;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.sdxl.pipeline.ControlNet;
import farm.darkroom.sdxl.pipeline.Engine;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.weights.WeightResidency;
import farm.darkroom.worker.render.engine.Host;
import farm.darkroom.worker.render.engine.TestSettings;
import farm.darkroom.worker.render.inventory.ControlNetFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlNetsTest {

  @Test
  void netsOfFormerJobsLeaveWhereMemoryIsShort(@TempDir Path folder) throws IOException {
    OwnControlNet edges = new OwnControlNet("edges", ControlNetFolder.write(folder, Map.of()));
    Weighing weighing = new Weighing(new WeightHashes());
    try (Host host = new Host(TestSettings.ONE_THREAD);
        ControlNets nets = new ControlNets(() -> engine(host), weighing)) {
      ControlNet open = nets.get(edges).net();
      long bytes = open.weightBytes();
      assertThat(nets.makeRoom(Set.of(edges.place()), 0)).isZero();
      assertThat(nets.get(edges).net()).isSameAs(open);
      assertThat(nets.makeRoom(Set.of(), bytes)).isEqualTo(bytes);
      assertThat(nets.get(edges).net()).isSameAs(open);
      assertThat(nets.makeRoom(Set.of(), bytes - 1)).isZero();
      assertThat(nets.get(edges).net()).isNotSameAs(open);
    }
  }

  /** A job may have the same one twice. */
  @Test
  void aNetWhoseFilesChangeStaysOpenUntilTheJobIsOver(@TempDir Path folder) throws IOException {
    OwnControlNet edges = new OwnControlNet("edges", ControlNetFolder.write(folder, Map.of()));
    try (Host host = new Host(TestSettings.ONE_THREAD);
        ControlNets nets = new ControlNets(() -> engine(host), new Weighing(new WeightHashes()))) {
      nets.makeRoom(List.of(edges, edges));
      ControlNet open = nets.get(edges).net();
      Files.setLastModifiedTime(folder.resolve("config.json"), FileTime.fromMillis(0));
      assertThat(nets.get(edges).net()).isSameAs(open);
      nets.makeRoom(List.of(edges));
      assertThat(nets.get(edges).net()).isNotSameAs(open);
    }
  }

  private static Engine engine(Host host) {
    return Engine.of(host.kernels(), Dtype.FLOAT32, WeightResidency.RESIDENT);
  }
}

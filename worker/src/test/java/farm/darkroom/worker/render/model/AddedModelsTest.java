package farm.darkroom.worker.render.model;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.sdxl.pipeline.ControlNet;
import farm.darkroom.sdxl.pipeline.Engine;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.weights.WeightResidency;
import farm.darkroom.worker.render.engine.RenderDevice;
import farm.darkroom.worker.render.engine.TestSettings;
import farm.darkroom.worker.render.inventory.ControlNetFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddedModelsTest {
  private final FailingFiles disk = new FailingFiles();

  @Test
  void netsOfFormerJobsLeaveWhereMemoryIsShort(@TempDir Path folder) throws IOException {
    AddedModel edges = new AddedModel("edges", ControlNetFolder.write(folder, Map.of()));
    try (RenderDevice device = new RenderDevice(TestSettings.ONE_THREAD);
        AddedModels<ControlNet> nets = nets(device)) {
      ControlNet open = nets.get(edges).model();
      long bytes = open.weightBytes();
      assertThat(nets.freeMemory(Set.of(edges.place()), 0)).isZero();
      assertThat(nets.get(edges).model()).isSameAs(open);
      assertThat(nets.freeMemory(Set.of(), bytes)).isEqualTo(bytes);
      assertThat(nets.get(edges).model()).isSameAs(open);
      assertThat(nets.freeMemory(Set.of(), bytes - 1)).isZero();
      assertThat(nets.get(edges).model()).isNotSameAs(open);
    }
  }

  /** A job may have the same one twice. */
  @Test
  void aNetWhoseFilesChangeStaysOpenUntilTheJobIsOver(@TempDir Path folder) throws IOException {
    AddedModel edges = new AddedModel("edges", ControlNetFolder.write(folder, Map.of()));
    try (RenderDevice device = new RenderDevice(TestSettings.ONE_THREAD);
        AddedModels<ControlNet> nets = nets(device)) {
      nets.makeRoomFor(List.of(edges, edges));
      ControlNet open = nets.get(edges).model();
      Files.setLastModifiedTime(folder.resolve("config.json"), FileTime.fromMillis(0));
      assertThat(nets.get(edges).model()).isSameAs(open);
      nets.makeRoomFor(List.of(edges));
      assertThat(nets.get(edges).model()).isNotSameAs(open);
    }
  }

  @Test
  void aNetWhoseFilesCouldNotBeHashedIsOpenedAnewForTheNextJob(@TempDir Path folder)
      throws IOException {
    AddedModel edges = new AddedModel("edges", ControlNetFolder.write(folder, Map.of()));
    Path weights = weights(folder);
    disk.unreadable(weights);
    try (RenderDevice device = new RenderDevice(TestSettings.ONE_THREAD);
        AddedModels<ControlNet> nets = nets(device)) {
      nets.makeRoomFor(List.of(edges));
      AddedModels.Open<ControlNet> open = nets.get(edges);
      assertThatThrownBy(open.pinned()::files).hasMessageContaining("Input/output error");
      disk.repair();
      assertThat(nets.get(edges)).isSameAs(open);
      nets.makeRoomFor(List.of(edges));
      assertThat(hash(nets.get(edges))).isEqualTo(sha256(weights));
    }
  }

  @Test
  void aNetThatIsNotSoundIsNotHashed(@TempDir Path folder) throws IOException {
    Path place = ControlNetFolder.write(folder, Map.of("cross_attention_dim", 7));
    try (RenderDevice device = new RenderDevice(TestSettings.ONE_THREAD);
        AddedModels<ControlNet> nets = nets(device)) {
      assertThatThrownBy(() -> nets.get(new AddedModel("edges", place)))
          .isInstanceOf(FarmException.class);
      assertThat(disk.opened).isEmpty();
    }
  }

  /** It is mapped, and another lies there when it is to be hashed. */
  @Test
  void aFileThatIsReplacedWhileItIsOpenedIsOpenedAgain(@TempDir Path folder) throws IOException {
    AddedModel edges = new AddedModel("edges", ControlNetFolder.write(folder, Map.of()));
    Path weights = weights(folder);
    Path other = Files.copy(weights, folder.resolve("other"));
    List<Path> opened = new ArrayList<>();
    WeightHashes.Opener replacing =
        file -> {
          if (opened.isEmpty()) {
            Files.move(other, weights, StandardCopyOption.REPLACE_EXISTING);
          }
          opened.add(file);
          return Files.newInputStream(file);
        };
    try (RenderDevice device = new RenderDevice(TestSettings.ONE_THREAD);
        AddedModels<ControlNet> nets = nets(device, replacing)) {
      AddedModels.Open<ControlNet> open = nets.get(edges);
      assertThat(opened).containsExactly(weights, weights);
      assertThat(hash(open)).isEqualTo(sha256(weights));
      assertThat(nets.get(edges)).isSameAs(open);
    }
  }

  @Test
  void aFileThatDoesNotStayAsItIsIsRefused(@TempDir Path folder) throws IOException {
    AddedModel edges = new AddedModel("edges", ControlNetFolder.write(folder, Map.of()));
    AtomicInteger seconds = new AtomicInteger();
    WeightHashes.Opener touching =
        file -> {
          Files.setLastModifiedTime(file, FileTime.from(seconds.incrementAndGet(), SECONDS));
          return Files.newInputStream(file);
        };
    try (RenderDevice device = new RenderDevice(TestSettings.ONE_THREAD);
        AddedModels<ControlNet> nets = nets(device, touching)) {
      assertThatThrownBy(() -> nets.get(edges))
          .isInstanceOfSatisfying(
              FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT))
          .hasMessageStartingWith("controlnet edges changes again and again while it is opened: ")
          .hasMessageContaining("1970-01-01T00:00:03Z");
    }
  }

  private AddedModels<ControlNet> nets(RenderDevice device) {
    return nets(device, disk);
  }

  private static AddedModels<ControlNet> nets(RenderDevice device, WeightHashes.Opener opener) {
    return new AddedModels<>(
        new ControlNetKind(() -> engine(device)), new WeightPinning(new WeightHashes(opener)));
  }

  private static Path weights(Path folder) throws IOException {
    return folder.toRealPath().resolve("diffusion_pytorch_model.safetensors");
  }

  private static String hash(AddedModels.Open<ControlNet> net) {
    return net.pinned().files().get(0).sha256();
  }

  private static String sha256(Path file) throws IOException {
    return Sha256.hex(Files.readAllBytes(file));
  }

  private static Engine engine(RenderDevice device) {
    return Engine.of(device.kernels(), Dtype.FLOAT32, WeightResidency.RESIDENT);
  }
}

package farm.darkroom.worker.render.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.FileReference;
import farm.darkroom.common.job.ImageReference;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.port.VaeTiles;
import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.render.input.Inputs;
import farm.darkroom.worker.render.input.LocalInputs;
import farm.darkroom.worker.render.inventory.ControlNetFolder;
import farm.darkroom.worker.render.inventory.ModelFolders;
import farm.darkroom.worker.render.inventory.TestFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How jobs of the demo model are planned on machines of many sizes. */
class PlanningTest {
  private static final long MB = 1_000_000;
  private static final Planner.Waste NONE = new Planner.Waste(0, 0);
  private static final ModelFolders FOLDERS = TestFolders.demo();
  private long there = 100_000 * MB;

  @Test
  void enoughMemoryKeepsEverything() {
    assertThat(choose(planning(Optional.empty(), Optional.empty()), job(2048)))
        .isEqualTo(RenderPlan.of(Residency.RESIDENT));
  }

  @Test
  void freedMemoryMayBeKeptWhereAsMuchAgainIsLeft() {
    Planning planning = planning(Optional.of(Residency.SEQUENTIAL), Optional.empty());
    RenderPlan plan = RenderPlan.of(Residency.SEQUENTIAL);
    long peak = planning.table(job(256)).rows().get(0).peakBytes();
    there = 2 * peak;
    assertThat(planning.hasMemoryToKeep(job(256), plan, 1)).isTrue();
    there = 2 * peak - 1;
    assertThat(planning.hasMemoryToKeep(job(256), plan, 1)).isFalse();
  }

  @Test
  void memoryThatOtherPicturesTakeIsNotKeptToo() {
    Planning planning = planning(Optional.of(Residency.SEQUENTIAL), Optional.empty());
    RenderPlan plan = RenderPlan.of(Residency.SEQUENTIAL);
    RenderJob job = job(512, ", 'output_type': 'latent'");
    long together = planning.table(job, 8).rows().get(0).peakBytes();
    there = 2 * together - 1;
    assertThat(planning.batchSize(job, plan, 8)).isEqualTo(8);
    assertThat(planning.hasMemoryToKeep(job, plan, 1)).isTrue();
    assertThat(planning.hasMemoryToKeep(job, plan, 8)).isFalse();
  }

  @Test
  void whatRanOutIsNotTriedAgainForJobsOfThatSize() {
    Planning planning = planning(Optional.empty(), Optional.empty());
    planning.recordOutOfMemory(job(2048), RenderPlan.of(Residency.RESIDENT));
    assertThat(choose(planning, job(2048)).residency()).isEqualTo(Residency.MODEL);
    planning.recordOutOfMemory(job(2048), RenderPlan.of(Residency.SEQUENTIAL));
    assertThat(choose(planning, job(2048)).tiles()).isEqualTo(VaeTiles.FULL);
    assertThat(choose(planning, job(1024))).isEqualTo(RenderPlan.of(Residency.RESIDENT));
  }

  @Test
  void floorIsTriedEvenIfItOnceRanOut() {
    Planning planning = planning(Optional.empty(), Optional.empty());
    RenderPlan floor = new RenderPlan(Residency.SEQUENTIAL, VaeTiles.QUARTER, false);
    planning.recordOutOfMemory(job(2048), floor);
    assertThat(choose(planning, job(2048)).residency()).isEqualTo(Residency.SEQUENTIAL);
    assertThat(choose(planning, job(2048)).tiles()).isNotEqualTo(VaeTiles.WHOLE);
  }

  @Test
  void nothingThatFitsIsRefused() {
    there = 50 * MB;
    Planning planning = planning(Optional.empty(), Optional.empty());
    assertThatThrownBy(() -> planning.choose(job(64)))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY))
        .hasMessageStartingWith("not enough memory: sequential needs ");
  }

  @Test
  void residencyThatIsAskedForIsTriedUnlessALimitForbidsIt() {
    there = 50 * MB;
    assertThat(choose(planning(Optional.of(Residency.RESIDENT), Optional.empty()), job(64)))
        .isEqualTo(RenderPlan.of(Residency.RESIDENT));
    Planning limited = planning(Optional.of(Residency.RESIDENT), Optional.of(40 * MB));
    assertThatThrownBy(() -> limited.choose(job(64)))
        .hasMessageContaining("there are 40 MB (--memory-limit)");
  }

  @Test
  void limitIsNoPromiseThatThereIsSoMuch() {
    there = 50 * MB;
    assertThatThrownBy(() -> planning(Optional.empty(), Optional.of(90_000 * MB)).choose(job(64)))
        .hasMessageContaining("there are 50 MB (the test)");
  }

  @Test
  void jobThatCannotBePlannedIsLeftToTheRender() {
    Planning planning = planning(Optional.empty(), Optional.empty());
    RenderJob absent =
        RenderJob.fromJson(
            "{\"model\": \"foo\", \"prompt\": \"x\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(planning.choose(absent)).isEmpty();
    assertThat(planning.unknown()).isEqualTo(RenderPlan.of(Residency.RESIDENT));
  }

  @Test
  void sizeThatCannotBeHadNowIsNotGuessed() {
    Planning planning = planning(FOLDERS, new Away(), Optional.empty(), Optional.empty());
    RenderJob sized = read("{'model': 'demo', 'prompt': 'x', 'image': 's3://b/a.png'}");
    assertThatThrownBy(() -> planning.choose(sized))
        .isInstanceOfSatisfying(
            FarmException.class,
            e -> assertThat(e.kind()).isEqualTo(FailureKind.STORE_UNAVAILABLE));
  }

  /** A store that does not answer. */
  private static final class Away implements Inputs {
    @Override
    public byte[] read(ImageReference image) {
      throw new FarmException(FailureKind.STORE_UNAVAILABLE, image.text() + ": no connection");
    }

    @Override
    public Path fetch(FileReference file) {
      throw new FarmException(FailureKind.STORE_UNAVAILABLE, file.text() + ": no connection");
    }
  }

  @Test
  void controlNetsCount(@TempDir Path models) throws IOException {
    Path net = ControlNetFolder.write(models.resolve("net"), Map.of());
    ModelFolders folders = TestFolders.with(models);
    Planning planning = planning(folders, Optional.empty(), Optional.empty());
    long plain = planning.table(job(64)).rows().get(0).peakBytes();
    long file = Files.size(net.resolve("diffusion_pytorch_model.safetensors"));
    RenderJob steered = job(64, ", 'controlnet': [{'model': 'net', 'image': './edges.png'}]");
    assertThat(planning.table(steered).rows().get(0).peakBytes())
        .isGreaterThan(plain + file * 9 / 10);
    assertThatThrownBy(
            () -> planning.table(job(64, ", 'controlnet': [{'model': 'x', 'image': './e.png'}]")))
        .hasMessage("controlnet x is not installed here");
  }

  /** Its weights are there once, its outputs for each of its pictures. */
  @Test
  void controlNetThatIsUsedTwiceCountsItsOutputsTwice(@TempDir Path models) throws IOException {
    Path net = ControlNetFolder.write(models.resolve("net"), Map.of());
    ModelFolders folders = TestFolders.with(models);
    Planning planning = planning(folders, Optional.empty(), Optional.empty());
    String one = "{'model': 'net', 'image': './edges.png'}";
    String fields = ", 'output_type': 'latent', 'controlnet': [%s]";
    long once = planning.table(job(256, fields.formatted(one))).rows().get(0).peakBytes();
    RenderJob twice = job(256, fields.formatted(one + ", " + one));
    long file = Files.size(net.resolve("diffusion_pytorch_model.safetensors"));
    assertThat(planning.table(twice).rows().get(0).peakBytes() - once).isBetween(MB / 2, file / 2);
  }

  /** The demo's largest weights are the UNet's 3 x 3 convolutions. */
  @Test
  void mergingOfNetworksCounts() {
    Planning planning = planning(Optional.empty(), Optional.empty());
    long plain = planning.table(job(64)).rows().get(0).peakBytes();
    long merged = planning.table(job(64, ", 'loras': [{'path': 'x'}]")).rows().get(0).peakBytes();
    assertThat(merged - plain).isBetween(MB, 20 * MB);
  }

  @Test
  void asManyGoSideBySideAsThereIsMemoryFor() {
    Planning planning = planning(Optional.empty(), Optional.empty());
    RenderPlan resident = RenderPlan.of(Residency.RESIDENT);
    RenderJob job = job(512, ", 'output_type': 'latent'");
    assertThat(planning.batchSize(job, resident, 8)).isEqualTo(8);
    long alone = planning.table(job).rows().get(0).peakBytes();
    there = alone;
    assertThat(planning.batchSize(job, resident, 8)).isEqualTo(1);
    there = alone + 100 * MB;
    int some = planning.batchSize(job, resident, 64);
    assertThat(some).isBetween(2, 63);
    there = alone + 200 * MB;
    assertThat(planning.batchSize(job, resident, 64)).isBetween(2 * some - 2, 2 * some);
    RenderJob steered = job(512, ", 'controlnet': [{'model': 'x', 'image': './e.png'}]");
    assertThat(planning.batchSize(steered, resident, 8)).isEqualTo(1);
  }

  @Test
  void carefulPlanCountsTheVaeInFloat32() {
    EngineSettings half =
        new EngineSettings("cpu", Dtype.BFLOAT16, 1, Optional.empty(), Optional.empty());
    Planning planning = new Planning(half, FOLDERS, new LocalInputs(), device(Optional.empty()));
    RenderPlan plan = RenderPlan.of(Residency.RESIDENT).withSafeguards();
    assertThat(planning.withFloat32Vae(job(2048), plan)).isEqualTo(plan);
    there = planning.table(job(2048)).rows().get(0).peakBytes();
    assertThat(choose(planning, job(2048)).withSafeguards()).isEqualTo(plan);
    RenderPlan fitting = planning.withFloat32Vae(job(2048), plan);
    assertThat(fitting.careful()).isTrue();
    assertThat(fitting.tiles()).isNotEqualTo(VaeTiles.WHOLE);
  }

  private Planning planning(Optional<Residency> residency, Optional<Long> limit) {
    return planning(FOLDERS, residency, limit);
  }

  private Planning planning(
      ModelFolders folders, Optional<Residency> residency, Optional<Long> limit) {
    return planning(folders, new LocalInputs(), residency, limit);
  }

  private Planning planning(
      ModelFolders folders, Inputs inputs, Optional<Residency> residency, Optional<Long> limit) {
    EngineSettings settings = new EngineSettings("cpu", Dtype.FLOAT32, 1, residency, limit);
    return new Planning(settings, folders, inputs, device(limit));
  }

  private DeviceMemory device(Optional<Long> limit) {
    return new DeviceMemory(
        new Planner(100 * MB, NONE, NONE, 60),
        mapped -> new Budget(there, "the test", false),
        limit.map(OptionalLong::of).orElseGet(OptionalLong::empty));
  }

  private static RenderPlan choose(Planning planning, RenderJob job) {
    return planning.choose(job).orElseThrow().plan();
  }

  private static RenderJob job(int side) {
    return job(side, "");
  }

  private static RenderJob job(int side, String more) {
    return read(
        "{'model': 'demo', 'prompt': 'a red ball', 'seed': 1, 'height': %d, 'width': %d%s}"
            .formatted(side, side, more));
  }

  private static RenderJob read(String json) {
    return RenderJob.fromJson(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}

package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.vision.IpAdapterFolder;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.picture.Png;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderOutcome;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderRequest;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.engine.TestSettings;
import farm.darkroom.worker.render.input.LocalInputs;
import farm.darkroom.worker.render.inventory.InstalledModel;
import farm.darkroom.worker.render.inventory.ModelFolders;
import farm.darkroom.worker.render.inventory.ModelInventory;
import farm.darkroom.worker.render.inventory.TestFolders;
import farm.darkroom.worker.render.plan.Planning;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** IP-Adapters in jobs, beside what GoldenJobsTest holds against diffusers. */
class AddedIpAdapterTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens/additions");
  private static final String EDGES = GOLDENS.resolve("edges.png").toAbsolutePath().toString();
  private static final String INIT = GOLDENS.resolve("init.png").toAbsolutePath().toString();

  private static final String MASK = GOLDENS.resolve("left.png").toAbsolutePath().toString();

  @TempDir static Path models;
  private static ModelFolders folders;
  private static SdxlRenderer renderer;

  @BeforeAll
  static void open() throws IOException {
    IpAdapterFolder.write(models.resolve("hub/IP-Adapter/sdxl_models"));
    IpAdapterFolder.write(models);
    folders = TestFolders.with(models);
    renderer = TestRenderers.of(TestSettings.ONE_THREAD, folders, new LocalInputs());
  }

  @AfterAll
  static void close() {
    renderer.close();
  }

  @Test
  void latentsAreTheSameUnderEveryPlan() {
    for (String prompt : List.of(prompt("plus", EDGES, INIT), masked("plain", EDGES, MASK))) {
      RenderJob job = job(prompt + ", 'refiner': {'model': 'demo-refiner', 'strength': 0.6}");
      byte[] resident = latents(render(job, Residency.RESIDENT));
      assertThat(latents(render(job, Residency.MODEL))).isEqualTo(resident);
      assertThat(latents(render(job, Residency.SEQUENTIAL))).isEqualTo(resident);
    }
  }

  @Test
  void aPictureIsSeenAnewWhereAnotherCameBetween() {
    byte[] edges = latents(render(job(prompt("plain", EDGES))));
    byte[] init = latents(render(job(prompt("plain", INIT))));
    assertThat(init).isNotEqualTo(edges);
    assertThat(latents(render(job(prompt("plain", EDGES))))).isEqualTo(edges);
  }

  @Test
  void morePicturesThanAreKeptAreSeenAnew(@TempDir Path folder) throws IOException {
    List<String> pictures = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Path file = folder.resolve(i + ".png");
      byte[] grey = new byte[3 * 8 * 8];
      Arrays.fill(grey, (byte) (12 * i));
      Files.write(file, Png.encode(new Picture(8, 8, grey), Map.of()));
      pictures.add(file.toString());
    }
    String[] some = pictures.subList(0, 12).toArray(String[]::new);
    String[] others = pictures.subList(8, 20).toArray(String[]::new);
    byte[] first = latents(render(job(prompt("plain", some))));
    assertThat(latents(render(job(prompt("plain", others))))).isNotEqualTo(first);
    assertThat(latents(render(job(prompt("plain", some))))).isEqualTo(first);
  }

  @Test
  void jobsWithOtherNumbersOfPicturesDoNotShareAPass() {
    List<RenderJob> jobs = List.of(job(prompt("plain", EDGES)), job(prompt("plain", EDGES, INIT)));
    List<RenderRequest> requests =
        jobs.stream().map(job -> new RenderRequest(job, (k, n) -> {})).toList();
    List<RenderOutcome> together =
        renderer.renderTogether(requests, RenderPlan.of(Residency.RESIDENT), 2);
    for (int i = 0; i < jobs.size(); i++) {
      RenderResult result = together.get(i).orThrow();
      assertThat(result.details().microBatch()).isEqualTo(1);
      assertThat(latents(result)).isEqualTo(latents(render(jobs.get(i))));
    }
  }

  @Test
  void jobsWithMasksShareAPassAmongThemselves() {
    List<RenderJob> jobs =
        List.of(
            job(masked("plain", EDGES, MASK)),
            job(masked("plain", INIT, EDGES)),
            job(prompt("plain", INIT)));
    List<RenderRequest> requests =
        jobs.stream().map(job -> new RenderRequest(job, (k, n) -> {})).toList();
    List<RenderOutcome> together =
        renderer.renderTogether(requests, RenderPlan.of(Residency.RESIDENT), 3);
    assertThat(together)
        .extracting(outcome -> outcome.orThrow().details().microBatch())
        .containsExactly(2, 2, 1);
    for (int i = 0; i < jobs.size(); i++) {
      assertThat(values(together.get(i).orThrow()))
          .containsExactly(values(render(jobs.get(i))), within(1e-4f));
    }
  }

  @Test
  void aMaskThatIsBlackHidesThePicture(@TempDir Path folder) throws IOException {
    Path black = folder.resolve("black.png");
    Files.write(black, Png.encode(new Picture(8, 8, new byte[3 * 8 * 8]), Map.of()));
    byte[] none = latents(render(job("'loras': []")));
    assertThat(latents(render(job(masked("plain", EDGES, black.toString()))))).isEqualTo(none);
    assertThat(latents(render(job(masked("plain", EDGES, MASK))))).isNotEqualTo(none);
  }

  /** diffusers finds no rows for a mask there either. */
  @Test
  void aPictureThatIsTooLongForMasksIsTheJobsFault() {
    RenderJob job = job(masked("plain", EDGES, MASK), 16, 128);
    assertThatThrownBy(() -> render(job))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining("an ip_adapter mask for a picture of 128 x 16: too long for the");
  }

  @Test
  void theScaleIsHeeded() {
    byte[] none = latents(render(job("'loras': []")));
    assertThat(latents(render(job(prompt("plain", EDGES, 0))))).isEqualTo(none);
    byte[] half = latents(render(job(prompt("plain", EDGES, 0.5))));
    assertThat(half).isNotEqualTo(none).isNotEqualTo(latents(render(job(prompt("plain", EDGES)))));
  }

  @Test
  void imagesOfAJobMayShareAPass() {
    RenderJob job = job(prompt("plus", INIT) + ", 'num_images_per_prompt': 2");
    RenderResult together =
        renderer
            .renderTogether(
                List.of(new RenderRequest(job, (k, n) -> {})), RenderPlan.of(Residency.RESIDENT), 2)
            .get(0)
            .orThrow();
    assertThat(together.details().microBatch()).isEqualTo(2);
    assertThat(together.outputs()).hasSize(2);
  }

  @Test
  void anAdapterIsFoundByNameWithItsEncoderBesideIt() {
    String deep = "hub/IP-Adapter/sdxl_models/plain";
    RenderResult result = render(job(prompt(deep, EDGES)));
    assertThat(latents(result)).isEqualTo(latents(render(job(prompt("plain", EDGES)))));
    assertThat(result.details().weights())
        .extracting(WeightFile::model, WeightFile::path)
        .contains(tuple(deep, "plain.safetensors"), tuple(deep, "image_encoder/model.safetensors"));
  }

  /** In h94/IP-Adapter, ViT-H lies among the models for SD 1.5. */
  @Test
  void theEncoderThatFitsIsTaken(@TempDir Path other) throws IOException {
    IpAdapterFolder.write(other.resolve("models"));
    Path beside = Files.createDirectories(other.resolve("sdxl_models/image_encoder"));
    Path plain = other.resolve("sdxl_models/plain.safetensors");
    Files.copy(other.resolve("models/plain.safetensors"), plain);
    RenderJob job = job(prompt(plain.toString(), EDGES));
    byte[] far = latents(render(job));
    assertThat(far).isEqualTo(latents(render(job(prompt("plain", EDGES)))));
    Files.writeString(
        beside.resolve("config.json"),
        IpAdapterFolder.config().put("projection_dim", 7).toString());
    Files.copy(
        other.resolve("models/image_encoder/model.safetensors"),
        beside.resolve("model.safetensors"));
    assertThat(latents(render(job))).isEqualTo(far);
    Files.delete(other.resolve("models/image_encoder/config.json"));
    assertThatThrownBy(() -> render(job))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT))
        .hasMessageContaining("no image encoder with projection_dim 40: ")
        .hasMessageContaining("sdxl_models/image_encoder has 7, ")
        .hasMessageContaining("models/image_encoder is not there");
  }

  @Test
  void anEncoderThatChangesIsReadAnew(@TempDir Path other) throws IOException {
    IpAdapterFolder.write(other);
    RenderJob job = job(prompt(other.resolve("plain.safetensors").toString(), EDGES));
    byte[] before = latents(render(job));
    Path config = other.resolve("image_encoder/config.json");
    Files.writeString(config, IpAdapterFolder.config().put("hidden_act", "relu").toString());
    Files.setLastModifiedTime(config, FileTime.fromMillis(0));
    assertThat(latents(render(job))).isNotEqualTo(before);
  }

  @Test
  void aMissingAdapterIsMissingLikeAModel() {
    assertThat(renderer.unmetRequirement(job(prompt("plus", EDGES)))).isEmpty();
    assertThat(renderer.unmetRequirement(job(prompt("nowhere", EDGES))))
        .contains(
            "ip_adapter nowhere is not installed here; it is a file with a folder image_encoder"
                + " beside it");
    assertThat(renderer.unmetRequirement(job(prompt("image_encoder", EDGES))).orElseThrow())
        .endsWith("image_encoder is no IP-Adapter; a safetensors file is expected");
  }

  @Test
  void aPictureThatIsHardlyMoreThanALineIsTheJobsFault(@TempDir Path folder) throws IOException {
    Path line = folder.resolve("line.png");
    Files.write(line, Png.encode(new Picture(201, 1, new byte[3 * 201]), Map.of()));
    assertThatThrownBy(() -> render(job(prompt("plain", line.toString()))))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining("a picture of 201 x 1 pixels; allowed: at most 200 times as long");
  }

  @Test
  void anotherKindOfAdapterIsRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("faceid.safetensors");
    String tensor = "{\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [%d, %d]}";
    String header =
        "{\"image_proj.proj.0.weight\": %s, \"ip_adapter.1.to_k_ip.weight\": %s}"
            .formatted(tensor.formatted(0, 4), tensor.formatted(4, 8));
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length() + 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
    Files.write(file, bytes.array());
    assertThatThrownBy(() -> render(job(prompt(file.toString(), EDGES))))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT))
        .hasMessageContaining("faceid.safetensors: an IP-Adapter that is not read");
  }

  @Test
  void adaptersAreListedAndChecked() throws IOException {
    ModelInventory inventory = new ModelInventory(folders);
    assertThat(inventory.models())
        .extracting(InstalledModel::name, InstalledModel::kind)
        .contains(tuple("plus.safetensors", InstalledModel.Kind.IP_ADAPTER));
    assertThat(inventory.problems("plus")).contains(List.of());
    Path blind = Files.createDirectories(models.resolve("blind")).resolve("plus.safetensors");
    Files.copy(models.resolve("plus.safetensors"), blind, StandardCopyOption.REPLACE_EXISTING);
    assertThat(inventory.problems("blind/plus").orElseThrow().get(0))
        .contains("no image encoder with hidden_size 48: ");
  }

  @Test
  void thePlanCountsTheEncoder() throws IOException {
    Planning planning = new Planning(TestSettings.ONE_THREAD, folders, new LocalInputs());
    long plain = planning.table(job("'loras': []")).rows().get(0).peakBytes();
    long prompted = planning.table(job(prompt("plus", EDGES))).rows().get(0).peakBytes();
    long weights =
        Files.size(models.resolve("plus.safetensors"))
            + Files.size(models.resolve("image_encoder/model.safetensors"));
    assertThat(prompted - plain).isBetween((long) (0.9 * weights), 2 * weights);
    long several = planning.table(job(prompt("plus", EDGES, INIT))).rows().get(0).peakBytes();
    assertThat(several - prompted).isBetween(1L, weights / 4);
  }

  private static String prompt(String model, String... images) {
    return "'ip_adapter': [{'model': '%s', 'image': ['%s']}]"
        .formatted(model, String.join("', '", images));
  }

  private static String prompt(String model, String image, double scale) {
    return "'ip_adapter': [{'model': '%s', 'image': '%s', 'scale': %s}]"
        .formatted(model, image, scale);
  }

  private static String masked(String model, String image, String mask) {
    return "'ip_adapter': [{'model': '%s', 'image': '%s', 'mask': '%s'}]"
        .formatted(model, image, mask);
  }

  private static float[] values(RenderResult result) {
    ByteBuffer file = ByteBuffer.wrap(latents(result)).order(ByteOrder.LITTLE_ENDIAN);
    file.position(Long.BYTES + Math.toIntExact(file.getLong()));
    float[] values = new float[file.remaining() / Float.BYTES];
    file.asFloatBuffer().get(values);
    return values;
  }

  private static byte[] latents(RenderResult result) {
    return ((Output.Latents) result.outputs().get(0)).safetensors();
  }

  private static RenderResult render(RenderJob job) {
    return render(job, Residency.RESIDENT);
  }

  private static RenderResult render(RenderJob job, Residency residency) {
    return renderer.render(job, RenderPlan.of(residency), (k, n) -> {});
  }

  private static RenderJob job(String fields) {
    return job(fields, 64, 64);
  }

  private static RenderJob job(String fields, int height, int width) {
    return RenderJob.fromJson(
        ("{'model': 'demo', 'prompt': 'a red ball', 'seed': 1, 'num_inference_steps': 2, 'height':"
                + " %d, 'width': %d, 'output_type': 'latent', %s}")
            .formatted(height, width, fields)
            .replace('\'', '"')
            .getBytes(StandardCharsets.UTF_8));
  }
}

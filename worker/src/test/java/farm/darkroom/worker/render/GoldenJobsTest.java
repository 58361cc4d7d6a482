package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.vision.IpAdapterFolder;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.worker.picture.InitImage;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.picture.PictureLimits;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.engine.TestSettings;
import farm.darkroom.worker.render.inventory.ControlNetFolder;
import farm.darkroom.worker.render.inventory.T2iAdapterFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs against diffusers: final latents within 1e-4 relative, pixels within 1 of 255. */
class GoldenJobsTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens");
  private static final Path PIPELINE = GOLDENS.resolve("pipeline");
  private static final Path ADDITIONS = GOLDENS.resolve("additions");
  private static final double TOLERANCE = 1e-4;
  private static final RenderPlan PLAN = RenderPlan.of(Residency.RESIDENT);
  private static final SdxlRenderer RENDERER = TestRenderers.demo(TestSettings.ONE_THREAD);

  @TempDir static Path nets;

  /** The names are those of {@code NETS} in scripts/goldens/jobs.py. */
  @BeforeAll
  static void writeNets() throws IOException {
    ControlNetFolder.write(nets.resolve("control"), Map.of());
    ControlNetFolder.write(nets.resolve("pooled"), Map.of("global_pool_conditions", true));
    ControlNetFolder.write(
        nets.resolve("bgr"), Map.of("controlnet_conditioning_channel_order", "bgr"));
    ControlNetFolder.writeUnion(nets.resolve("union"));
    writeMeanVae(nets.resolve("mean_vae"));
    DemoVariant.distilled(nets.resolve("distilled"));
    T2iAdapterFolder.write(nets);
    DemoVariant.editing(nets.resolve("editing"), false);
    DemoVariant.editing(nets.resolve("editing_cosxl"), true);
    IpAdapterFolder.write(nets);
  }

  /** {@code MEAN} of scripts/goldens/variants.py. */
  private static void writeMeanVae(Path folder) throws IOException {
    Path demo = Path.of("demo-model/base/vae");
    String weights = "diffusion_pytorch_model.safetensors";
    ObjectNode config =
        (ObjectNode) new ObjectMapper().readTree(demo.resolve("config.json").toFile());
    config.putArray("latents_mean").add(0.1).add(-0.2).add(0.3).add(0.05);
    config.putArray("latents_std").add(0.9).add(1.1).add(1.3).add(0.8);
    config.put("scaling_factor", 0.7);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), config.toString());
    Files.copy(demo.resolve(weights), folder.resolve(weights));
  }

  @AfterAll
  static void close() {
    RENDERER.close();
  }

  @TestFactory
  Stream<DynamicTest> latentsAreDiffusers() throws IOException {
    return latentsAreDiffusers(PIPELINE);
  }

  @TestFactory
  Stream<DynamicTest> latentsWithAdditionsAreDiffusers() throws IOException {
    return latentsAreDiffusers(ADDITIONS);
  }

  private static Stream<DynamicTest> latentsAreDiffusers(Path folder) throws IOException {
    SafetensorsFile golden = SafetensorsFile.open(folder.resolve("latents.safetensors"));
    return jobs(folder)
        .filter(job -> golden.tensors().containsKey(job.getKey()))
        .map(
            job ->
                DynamicTest.dynamicTest(
                    job.getKey(),
                    () -> {
                      ByteBuffer expected = golden.bytes(golden.tensors().get(job.getKey()));
                      FloatBuffer found = latents(folder, job.getValue());
                      assertThat(furthest(found, expected.asFloatBuffer()))
                          .as(job.getKey())
                          .isLessThan(TOLERANCE);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> pixelsAreDiffusers() throws IOException {
    return Stream.concat(pixelsAreDiffusers(PIPELINE), pixelsAreDiffusers(ADDITIONS));
  }

  private static Stream<DynamicTest> pixelsAreDiffusers(Path folder) throws IOException {
    return jobs(folder)
        .filter(job -> Files.exists(folder.resolve(job.getKey() + ".png")))
        .map(
            job ->
                DynamicTest.dynamicTest(
                    job.getKey(),
                    () -> {
                      Path file = folder.resolve(job.getKey() + ".png");
                      Picture expected =
                          InitImage.decode(
                              Files.readAllBytes(file), PictureLimits.DEFAULT, file.toString());
                      assertThat(furthest(picture(folder, job.getValue()), expected)).isLessThan(2);
                    }));
  }

  private static Stream<Map.Entry<String, JsonNode>> jobs(Path folder) throws IOException {
    JsonNode jobs = new ObjectMapper().readTree(folder.resolve("jobs.json").toFile());
    return jobs.properties().stream();
  }

  /** The job with the files that it names in {@code folder}. */
  private static RenderJob job(Path folder, JsonNode written) {
    ObjectNode job = written.deepCopy();
    Stream.of("image", "mask_image").forEach(field -> place(folder, job, field));
    boolean made = job.path("vae").asText().equals("mean_vae");
    place(made ? nets : GOLDENS.resolve("vae"), job, "vae");
    if (Set.of("distilled", "editing", "editing_cosxl").contains(job.get("model").asText())) {
      place(nets, job, "model");
    }
    for (String list :
        new String[] {"loras", "embeddings", "controlnet", "t2i_adapter", "ip_adapter"}) {
      for (JsonNode added : job.path(list)) {
        Stream.of("path", "image", "mask")
            .forEach(field -> place(folder, (ObjectNode) added, field));
        place(nets, (ObjectNode) added, "model");
      }
    }
    return RenderJob.fromJson(job);
  }

  private static void place(Path folder, ObjectNode owner, String field) {
    JsonNode named = owner.path(field);
    if (named.isArray()) {
      ArrayNode all = owner.putArray(field);
      named.forEach(name -> all.add(in(folder, name)));
    } else if (owner.has(field)) {
      owner.put(field, in(folder, named));
    }
  }

  private static String in(Path folder, JsonNode name) {
    return folder.resolve(name.asText()).toAbsolutePath().toString();
  }

  private static Picture picture(Path folder, JsonNode written) {
    Output output = RENDERER.render(job(folder, written), PLAN, (k, n) -> {}).outputs().get(0);
    return ((Output.Image) output).picture();
  }

  private static FloatBuffer latents(Path folder, JsonNode written) {
    ObjectNode job = written.deepCopy();
    job.put("output_type", "latent");
    Output output = RENDERER.render(job(folder, job), PLAN, (k, n) -> {}).outputs().get(0);
    ByteBuffer file = ByteBuffer.wrap(((Output.Latents) output).safetensors());
    file.order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(file.getLong());
    return file.slice(8 + header, file.capacity() - 8 - header)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }

  private static double furthest(FloatBuffer found, FloatBuffer expected) {
    assertThat(found.remaining()).isEqualTo(expected.remaining());
    double distance = 0;
    double length = 0;
    for (int i = 0; i < found.remaining(); i++) {
      distance += Math.pow(found.get(i) - expected.get(i), 2);
      length += Math.pow(expected.get(i), 2);
    }
    return Math.sqrt(distance / length);
  }

  private static int furthest(Picture found, Picture expected) {
    assertThat(found.width()).isEqualTo(expected.width());
    assertThat(found.height()).isEqualTo(expected.height());
    int distance = 0;
    for (int i = 0; i < found.rgb().length; i++) {
      int apart = (found.rgb()[i] & 0xff) - (expected.rgb()[i] & 0xff);
      distance = Math.max(distance, Math.abs(apart));
    }
    return distance;
  }
}

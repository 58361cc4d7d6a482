package farm.darkroom.common.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.CanonicalJson;
import farm.darkroom.common.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The laws of the contract. */
class RenderJobPropertiesTest {

  @Provide
  Arbitrary<ObjectNode> jobs() {
    return RandomJobs.jobs();
  }

  @Property(tries = 300)
  void canonicalJsonRoundTrips(@ForAll("jobs") ObjectNode node) {
    RenderJob job = RenderJob.fromJson(node);
    byte[] canonical = CanonicalJson.bytes(job.toJson());
    assertThat(RenderJob.fromJson(canonical)).isEqualTo(job);
    assertThat(CanonicalJson.bytes(RenderJob.fromJson(canonical).toJson())).isEqualTo(canonical);
  }

  @Property(tries = 300)
  void idIgnoresFieldOrderAndLabels(@ForAll("jobs") ObjectNode node, @ForAll Random random) {
    ObjectNode other = shuffled(node, random);
    other.set("labels", Json.parse("{\"split\": \"test\"}"));
    assertThat(idOf(other)).isEqualTo(idOf(node));
  }

  @Property(tries = 300)
  void idSeesEveryPixel(@ForAll("jobs") ObjectNode one, @ForAll("jobs") ObjectNode other) {
    boolean same = RenderJob.fromJson(one).pixels().equals(RenderJob.fromJson(other).pixels());
    assertThat(idOf(one).equals(idOf(other))).isEqualTo(same);
  }

  @Property(tries = 300)
  void imagesOfOneJobEqualJobsOfOneImage(@ForAll("jobs") ObjectNode node) {
    RenderJob job = RenderJob.fromJson(node);
    for (int i = 0; i < job.numImagesPerPrompt(); i++) {
      ObjectNode alone = node.deepCopy();
      alone.put("seed", node.get("seed").longValue() + i).put("num_images_per_prompt", 1);
      assertThat(job.single(i)).isEqualTo(RenderJob.fromJson(alone));
      assertThat(JobId.of(job.single(i))).isEqualTo(idOf(alone));
    }
  }

  @Property(tries = 300)
  void everyTypoIsRefusedWithItsPath(@ForAll("jobs") ObjectNode node, @ForAll Random random) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    String name = names.get(random.nextInt(names.size()));
    String typo = typo(name, random);
    ObjectNode bad = node.deepCopy();
    bad.set(typo, bad.remove(name));
    assertThatThrownBy(() -> RenderJob.fromJson(bad))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("$." + typo + ": unknown field; did you mean ");
  }

  @Property(tries = 300)
  void arbitraryBytesAreOnlyEverRefused(@ForAll byte[] bytes) {
    onlyFarmExceptions(bytes);
  }

  @Property(tries = 300)
  void damagedJobsAreReadOrRefused(@ForAll("jobs") ObjectNode node, @ForAll Random random) {
    byte[] bytes = node.toString().getBytes(UTF_8);
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    onlyFarmExceptions(bytes);
  }

  /** Every field meets every other field's value. */
  @Property(tries = 300)
  void misplacedValuesAreReadOrRefused(
      @ForAll("jobs") ObjectNode node, @ForAll("jobs") ObjectNode other, @ForAll Random random) {
    List<JsonNode> values = new ArrayList<>();
    other.elements().forEachRemaining(values::add);
    ObjectNode mixed = Json.object();
    node.fieldNames()
        .forEachRemaining(name -> mixed.set(name, values.get(random.nextInt(values.size()))));
    onlyFarmExceptions(mixed.toString().getBytes(UTF_8));
  }

  private static void onlyFarmExceptions(byte[] bytes) {
    Throwable job = catchThrowable(() -> RenderJob.fromJson(bytes));
    assertThat(job == null || job instanceof FarmException).as("%s", job).isTrue();
    assertThat(catchThrowable(() -> QueuedJob.fromJson(bytes))).isInstanceOf(FarmException.class);
    assertThat(catchThrowable(() -> JobEvent.fromJson(bytes))).isInstanceOf(FarmException.class);
    assertThat(catchThrowable(() -> RenderRecord.fromJson(bytes)))
        .isInstanceOf(FarmException.class);
  }

  private static JobId idOf(ObjectNode node) {
    return JobId.of(RenderJob.fromJson(node));
  }

  private static ObjectNode shuffled(ObjectNode node, Random random) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    Collections.shuffle(names, random);
    ObjectNode out = Json.object();
    names.forEach(name -> out.set(name, node.get(name)));
    return out;
  }

  /** One letter doubled: no field's name comes of it. */
  private static String typo(String name, Random random) {
    int at = random.nextInt(name.length());
    return name.substring(0, at) + name.charAt(at) + name.substring(at);
  }
}

package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/** Reads and writes a RenderJob as JSON. */
final class RenderJobJson {
  /** The largest job, in bytes of JSON. */
  static final int LARGEST = 256 * 1024;

  static final JsonType<RenderJob> JOB = JsonTypes.object(RenderJobJson::read);

  private static final JsonType<OutputType> OUTPUT =
      JsonTypes.oneOf(List.of("pil", "latent")).as(OutputType::of);
  static final JsonType<SortedMap<String, String>> LABELS =
      JsonTypes.mapOf(Names.plain(64), JsonTypes.text(1024), 64);

  private static final JsonType<Long> ANY_SEED = JsonTypes.whole(0, Long.MAX_VALUE);

  /** Elsewhere -1 asks for a seed that is drawn. */
  private static final JsonType<Long> SEED =
      (value, path, problems) -> {
        if (value.isIntegralNumber() && value.bigIntegerValue().equals(BigInteger.ONE.negate())) {
          problems.add(
              path, "found -1, allowed: a whole number from 0; without a seed one is drawn");
          return Optional.empty();
        }
        return ANY_SEED.read(value, path, problems);
      };

  private RenderJobJson() {}

  static RenderJob read(byte[] bytes) {
    refuseLarge(bytes.length);
    return JOB.require(Json.parse(bytes));
  }

  static RenderJob read(JsonNode node) {
    refuseLarge(node.toString().getBytes(StandardCharsets.UTF_8).length);
    return JOB.require(node);
  }

  private static void refuseLarge(int bytes) {
    if (bytes > LARGEST) {
      throw FarmException.invalidJob(
          "$: found " + bytes + " bytes, allowed: " + LARGEST + " for one job");
    }
  }

  static ObjectNode write(RenderJob job) {
    PipelineDefaults defaults = defaults(job);
    FieldWriter out = new FieldWriter().put("model", job.model());
    job.prompts().write(out);
    job.seed().ifPresent(seed -> out.put("seed", seed));
    job.sampling().write(out, defaults);
    job.framing().write(out);
    job.source().ifPresent(source -> source.write(out, defaults));
    out.put("refiner", job.refiner().map(RefinerChoice::toJson));
    job.additions().write(out, defaults);
    out.putUnless(1, "num_images_per_prompt", job.numImagesPerPrompt());
    out.putUnless(OutputType.PIL.label(), "output_type", job.outputType().label());
    out.putUnless(Collections.emptySortedMap(), "labels", job.labels());
    return out.done();
  }

  private static Optional<RenderJob> read(Fields f) {
    PipelineDefaults defaults =
        PipelineDefaults.of(
            f.has(Sampling.IMAGE_GUIDANCE_SCALE),
            f.has("image"),
            f.has("mask_image"),
            f.hasSome("controlnet"));
    String model = f.required("model", Names.model()).orElse("");
    Prompts prompts = Prompts.read(f);
    Optional<Long> seed = f.optional("seed", SEED);
    RenderJob job =
        new RenderJob(
            model,
            prompts,
            seed.map(OptionalLong::of).orElse(OptionalLong.empty()),
            Sampling.read(f, defaults),
            SizeConditioning.read(f),
            SourceImage.read(f, defaults),
            f.optional("refiner", RefinerChoice.type()),
            Additions.read(f, defaults),
            f.or("num_images_per_prompt", JsonTypes.integer(1, 64), 1),
            f.or("output_type", OUTPUT, OutputType.PIL),
            f.or("labels", LABELS, Collections.emptySortedMap()));
    f.noOthers(ForeignNames::translated);
    if (f.sound()) {
      JobRules.check(job, f);
    }
    return Optional.of(job);
  }

  private static PipelineDefaults defaults(RenderJob job) {
    return PipelineDefaults.of(
        job.edits(),
        job.source().isPresent(),
        job.source().flatMap(SourceImage::maskImage).isPresent(),
        !job.additions().controlnet().isEmpty());
  }
}

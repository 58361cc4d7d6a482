package farm.darkroom.submitter.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.json.FieldWriter;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * The command-line flags that describe a job. With {@code --file} they are defaults for the file's
 * jobs.
 */
final class JobFlags {
  private static final String DEFAULT_MODEL = "demo";

  /** A step count of which any strength leaves some steps. */
  private static final int MANY_STEPS = 1000;

  @Option(names = "--prompt", paramLabel = "TEXT", description = "what the picture shows")
  private String prompt;

  @Option(names = "--negative-prompt", paramLabel = "TEXT", description = "what it does not show")
  private String negativePrompt;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "a model's name, hub id or path on the workers (default demo)")
  private String model;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "the first image's seed (default: drawn)")
  private Long seed;

  @Option(names = "--steps", paramLabel = "N", description = "denoising steps (default 50)")
  private Integer steps;

  @Option(names = "--guidance", paramLabel = "X", description = "guidance scale (default 5)")
  private Double guidance;

  @Option(names = "--width", paramLabel = "PIXELS", description = "default: the model's")
  private Integer width;

  @Option(names = "--height", paramLabel = "PIXELS", description = "default: the model's")
  private Integer height;

  @Option(
      names = "--original-size",
      paramLabel = "HEIGHT,WIDTH",
      converter = NumberPair.Reader.class,
      description = "micro-conditioning: the original's size")
  private NumberPair originalSize;

  @Option(
      names = "--crop",
      paramLabel = "TOP,LEFT",
      converter = NumberPair.Reader.class,
      description = "micro-conditioning: where it was cropped")
  private NumberPair crop;

  @Option(
      names = "--target-size",
      paramLabel = "HEIGHT,WIDTH",
      converter = NumberPair.Reader.class,
      description = "micro-conditioning: the size aimed at")
  private NumberPair targetSize;

  @Option(
      names = "--scheduler",
      paramLabel = "NAME",
      description =
          "a diffusers class such as EulerDiscreteScheduler, or a sampler such as \"DPM++ 2M"
              + " Karras\" (default: the model's)")
  private String scheduler;

  @Option(names = "--image", paramLabel = "FILE", description = "start from this picture")
  private String image;

  @Option(names = "--mask", paramLabel = "FILE", description = "with --image: paint the white anew")
  private String mask;

  @Option(
      names = "--strength",
      paramLabel = "X",
      description = "with --image: the share of the schedule to go back (0 to 1)")
  private Double strength;

  boolean hasPrompt() {
    return prompt != null;
  }

  /** Whether nothing was typed of a job. */
  boolean isEmpty() {
    return model == null && toJson().size() == 1;
  }

  /** Unchecked JSON with the fields that were typed. */
  ObjectNode toJson() {
    return new FieldWriter()
        .put("model", Optional.ofNullable(model).orElse(DEFAULT_MODEL))
        .put("prompt", Optional.ofNullable(prompt))
        .put("negative_prompt", Optional.ofNullable(negativePrompt))
        .put("scheduler", Optional.ofNullable(scheduler))
        .put("image", Optional.ofNullable(image))
        .put("mask_image", Optional.ofNullable(mask))
        .put("seed", Optional.ofNullable(seed))
        .put("num_inference_steps", Optional.ofNullable(steps))
        .put("width", Optional.ofNullable(width))
        .put("height", Optional.ofNullable(height))
        .put("guidance_scale", Optional.ofNullable(guidance))
        .put("strength", Optional.ofNullable(strength))
        .put("original_size", Optional.ofNullable(originalSize).map(NumberPair::list))
        .put("crops_coords_top_left", Optional.ofNullable(crop).map(NumberPair::list))
        .put("target_size", Optional.ofNullable(targetSize).map(NumberPair::list))
        .done();
  }

  /**
   * Fields for the jobs of a file, each checked by itself: a job's line is not to be blamed for a
   * flag. What goes with the jobs' own steps is left to their lines.
   *
   * @throws FarmException INVALID_JOB
   */
  ObjectNode defaults() {
    ObjectNode probe = toJson();
    probe.putIfAbsent("prompt", TextNode.valueOf("a cube"));
    if (mask != null || strength != null) {
      probe.putIfAbsent("image", TextNode.valueOf("sketch.png"));
    }
    if (strength != null) {
      check(probe.deepCopy().put("num_inference_steps", MANY_STEPS));
      probe.remove("strength");
    }
    check(probe);
    return toJson();
  }

  private static void check(ObjectNode probe) {
    try {
      RenderJob.fromJson(probe);
    } catch (FarmException e) {
      throw new FarmException(e.kind(), "flags beside --file: " + e.getMessage(), e);
    }
  }
}

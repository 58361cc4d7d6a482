package farm.darkroom.common.job;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.FarmException;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One job: everything that decides its pictures, and labels, which do not. In JSON it is one flat
 * object with the argument names of diffusers' SDXL pipelines; {@link #fromJson} is the way to get
 * one, and checks it. What is absent here means the model's default.
 *
 * @param model a name, hub id or path, also with {@code @revision}
 * @param seed of image 0, 0 to 2^63 - 1; empty only before a job is submitted
 * @param source empty for text to image
 * @param numImagesPerPrompt image i uses seed + i
 */
public record RenderJob(
    String model,
    Prompts prompts,
    OptionalLong seed,
    Sampling sampling,
    SizeConditioning framing,
    Optional<SourceImage> source,
    Optional<RefinerChoice> refiner,
    Additions additions,
    int numImagesPerPrompt,
    OutputType outputType,
    SortedMap<String, String> labels) {

  public RenderJob {
    requireNonNull(model, "model");
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /**
   * Reads and checks a job.
   *
   * @throws FarmException INVALID_JOB with every problem: its JSON path, what was found, what is
   *     allowed
   */
  public static RenderJob fromJson(byte[] bytes) {
    return RenderJobJson.read(bytes);
  }

  /**
   * Reads and checks a job.
   *
   * @throws FarmException INVALID_JOB, as for bytes
   */
  public static RenderJob fromJson(JsonNode node) {
    return RenderJobJson.read(node);
  }

  /** The job without what is a default that every model has; {@code fromJson} gives it back. */
  public ObjectNode toJson() {
    return RenderJobJson.write(this);
  }

  /** Whether it edits its image by instruction, which the models for that do and no other. */
  public boolean edits() {
    return sampling.imageGuidanceScale().isPresent();
  }

  /** The seed of image {@code i}; the job must have a seed. */
  public long seedOf(int i) {
    return seed.orElseThrow(() -> new IllegalStateException("the job has no seed yet")) + i;
  }

  /** The job that renders image {@code i} of this one, and nothing else. */
  public RenderJob single(int i) {
    return with(OptionalLong.of(seedOf(i)), source, additions, 1, labels);
  }

  /**
   * This job with another seed.
   *
   * @throws FarmException INVALID_JOB when the seeds of its images leave 0 to 2^63 - 1
   */
  public RenderJob withSeed(long first) {
    if (first < 0 || first > Long.MAX_VALUE - (numImagesPerPrompt - 1)) {
      throw FarmException.invalidJob("$.seed: found " + first + ", allowed: 0 to 2^63 - 1");
    }
    return with(OptionalLong.of(first), source, additions, numImagesPerPrompt, labels);
  }

  /** Every picture that the job reads. */
  public Stream<ImageReference> images() {
    Stream<ImageReference> own =
        source.stream().flatMap(s -> Stream.concat(Stream.of(s.image()), s.maskImage().stream()));
    return Stream.of(
            own,
            additions.controlnet().stream().flatMap(choice -> choice.images().stream()),
            additions.t2iAdapters().choices().stream().map(T2iAdapterChoice::image),
            additions.ipAdapter().stream().flatMap(IpAdapterChoice::pictures))
        .flatMap(images -> images);
  }

  /** This job with each picture reference replaced, for example by that of the upload. */
  public RenderJob withImages(UnaryOperator<ImageReference> change) {
    return with(
        seed,
        source.map(s -> s.withImages(change)),
        additions.withImages(change),
        numImagesPerPrompt,
        labels);
  }

  /** This job with each reference to added weights replaced, for example by that of the upload. */
  public RenderJob withFiles(UnaryOperator<FileReference> change) {
    return with(seed, source, additions.withFiles(change), numImagesPerPrompt, labels);
  }

  /** This job with uploaded pictures and files referenced by their hash alone. */
  public RenderJob byHash() {
    return withImages(ImageReference::byHash).withFiles(FileReference::byHash);
  }

  /** What decides the pixels: no labels, and what was uploaded by its hash alone. */
  public RenderJob pixels() {
    RenderJob byHash = byHash();
    return byHash.with(
        seed, byHash.source, byHash.additions, numImagesPerPrompt, Collections.emptySortedMap());
  }

  private RenderJob with(
      OptionalLong newSeed,
      Optional<SourceImage> newSource,
      Additions newAdditions,
      int newNumImages,
      SortedMap<String, String> newLabels) {
    return new RenderJob(
        model,
        prompts,
        newSeed,
        sampling,
        framing,
        newSource,
        refiner,
        newAdditions,
        newNumImages,
        outputType,
        newLabels);
  }
}

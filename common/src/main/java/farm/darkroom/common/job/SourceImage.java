package farm.darkroom.common.job;

import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonTypes;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The picture that a job starts from: img2img, with a mask inpainting; or the one that it edits.
 *
 * @param maskImage white is repainted
 * @param strength the share of the schedule that the picture goes back
 * @param denoisingStart begin here and add no noise: the picture is a half-finished one; instead of
 *     {@code strength}
 * @param paddingMaskCrop pixels around the mask to crop to; absent: the whole picture
 * @param aestheticScore for models that are conditioned on it (refiners)
 */
public record SourceImage(
    ImageReference image,
    Optional<ImageReference> maskImage,
    double strength,
    Optional<Double> denoisingStart,
    Optional<Integer> paddingMaskCrop,
    double aestheticScore,
    double negativeAestheticScore) {
  private static final List<String> NEEDS_IMAGE =
      List.of(
          "mask_image",
          Sampling.IMAGE_GUIDANCE_SCALE,
          "strength",
          "denoising_start",
          "padding_mask_crop",
          "aesthetic_score",
          "negative_aesthetic_score");

  /** Empty when the job has no {@code image}, or it was refused. */
  static Optional<SourceImage> read(Fields f, PipelineDefaults defaults) {
    refuseWithout(f, "image", NEEDS_IMAGE);
    refuseWithout(f, "mask_image", List.of("padding_mask_crop"));
    if (f.has("denoising_start") && f.has("strength")) {
      f.refuse("strength", "found beside denoising_start, allowed: one of the two");
    }
    Optional<ImageReference> image = f.optional("image", ImageReference.type());
    Optional<ImageReference> mask = f.optional("mask_image", ImageReference.type());
    double strength = f.or("strength", Sampling.SHARE, defaults.strength());
    Optional<Double> start = f.optional("denoising_start", Sampling.INNER_SHARE);
    Optional<Integer> crop = f.optional("padding_mask_crop", JsonTypes.integer(0, 4096));
    double score = f.or("aesthetic_score", AestheticScores.TYPE, AestheticScores.POSITIVE);
    double negative =
        f.or("negative_aesthetic_score", AestheticScores.TYPE, AestheticScores.NEGATIVE);
    return image.map(i -> new SourceImage(i, mask, strength, start, crop, score, negative));
  }

  void write(FieldWriter out, PipelineDefaults defaults) {
    out.put("image", image.text())
        .put("mask_image", maskImage.map(ImageReference::text))
        .putUnless(defaults.strength(), "strength", strength)
        .put("denoising_start", denoisingStart)
        .put("padding_mask_crop", paddingMaskCrop)
        .putUnless(AestheticScores.POSITIVE, "aesthetic_score", aestheticScore)
        .putUnless(AestheticScores.NEGATIVE, "negative_aesthetic_score", negativeAestheticScore);
  }

  SourceImage withImages(UnaryOperator<ImageReference> change) {
    return new SourceImage(
        change.apply(image),
        maskImage.map(change),
        strength,
        denoisingStart,
        paddingMaskCrop,
        aestheticScore,
        negativeAestheticScore);
  }

  private static void refuseWithout(Fields f, String needed, List<String> names) {
    if (!f.has(needed)) {
      names.stream()
          .filter(f::has)
          .forEach(name -> f.refuse(name, "found without " + needed + ", which it needs"));
    }
  }
}

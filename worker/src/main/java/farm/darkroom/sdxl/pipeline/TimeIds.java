package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.vae.Size;
import java.util.Optional;

/**
 * The {@code time_ids} of a request: {@code [original, crop, target]} for the base, {@code
 * [original, crop, score]} for a refiner (diffusers: {@code _get_add_time_ids} of the three
 * pipelines, whose defaults for the negative twins differ).
 */
@SuppressWarnings("ArrayRecordComponent") // numbers are handed over, never compared
record TimeIds(float[] positive, float[] negative) {

  /** The ids of the pipeline that the request selects. */
  static TimeIds of(Request request, boolean aestheticScore) {
    if (aestheticScore) {
      return refiner(request.sizes(), request.size());
    }
    PictureSource source = request.source();
    return source instanceof PictureSource.Noise || source instanceof PictureSource.Edited
        ? textToImage(request.sizes(), request.size())
        : imageToImage(request.sizes(), request.size());
  }

  /** Text to image and editing: the negative twins count only if both negative sizes are given. */
  static TimeIds textToImage(MicroConditioning sizes, Size picture) {
    float[] positive = base(sizes, picture);
    if (sizes.negativeOriginalSize().isEmpty() || sizes.negativeTargetSize().isEmpty()) {
      return new TimeIds(positive, positive);
    }
    return new TimeIds(
        positive,
        ids(
            sizes.negativeOriginalSize().get(),
            sizes.negativeCropsCoordsTopLeft(),
            sizes.negativeTargetSize().get()));
  }

  /**
   * Image to image and inpainting: the negative sizes default to the positive ones. diffusers
   * passes the positive crop on for both and never reads {@code negative_crops_coords_top_left}.
   */
  static TimeIds imageToImage(MicroConditioning sizes, Size picture) {
    return new TimeIds(
        base(sizes, picture),
        ids(
            negativeOriginal(sizes, picture),
            sizes.cropsCoordsTopLeft(),
            sizes.negativeTargetSize().or(sizes::targetSize).orElse(picture)));
  }

  /** A model with {@code requires_aesthetics_score}. */
  static TimeIds refiner(MicroConditioning sizes, Size picture) {
    return new TimeIds(
        ids(
            sizes.originalSize().orElse(picture),
            sizes.cropsCoordsTopLeft(),
            sizes.aestheticScore()),
        ids(
            negativeOriginal(sizes, picture),
            sizes.negativeCropsCoordsTopLeft(),
            sizes.negativeAestheticScore()));
  }

  private static Size negativeOriginal(MicroConditioning sizes, Size picture) {
    Optional<Size> original = sizes.negativeOriginalSize().or(sizes::originalSize);
    return original.orElse(picture);
  }

  private static float[] base(MicroConditioning sizes, Size picture) {
    return ids(
        sizes.originalSize().orElse(picture),
        sizes.cropsCoordsTopLeft(),
        sizes.targetSize().orElse(picture));
  }

  private static float[] ids(Size original, Corner crop, Size target) {
    return new float[] {
      original.height(), original.width(), crop.top(), crop.left(), target.height(), target.width()
    };
  }

  private static float[] ids(Size original, Corner crop, double score) {
    return new float[] {
      original.height(), original.width(), crop.top(), crop.left(), (float) score
    };
  }
}

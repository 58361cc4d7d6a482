package farm.darkroom.common.job;

import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Optional;

/**
 * The picture's size, and SDXL's micro-conditioning on sizes and crops (section 2.2 of the SDXL
 * paper).
 *
 * @param height pixels; absent: the model's own (or the init image's)
 * @param width pixels; absent: the model's own (or the init image's)
 * @param originalSize absent: the picture's size
 * @param targetSize absent: the picture's size
 * @param negativeOriginalSize used only together with {@code negativeTargetSize}, as in diffusers
 */
public record SizeConditioning(
    Optional<Integer> height,
    Optional<Integer> width,
    Optional<PixelSize> originalSize,
    CropCorner cropsCoordsTopLeft,
    Optional<PixelSize> targetSize,
    Optional<PixelSize> negativeOriginalSize,
    CropCorner negativeCropsCoordsTopLeft,
    Optional<PixelSize> negativeTargetSize) {
  private static final int STEP = 8;
  private static final int SMALLEST = 16;
  private static final int LARGEST = 4096;
  private static final JsonType<Integer> EDGE =
      JsonTypes.integer(SMALLEST, LARGEST).refuse(SizeConditioning::complaint);

  static SizeConditioning read(Fields f) {
    return new SizeConditioning(
        f.optional("height", EDGE),
        f.optional("width", EDGE),
        f.optional("original_size", PixelSize.type()),
        f.or("crops_coords_top_left", CropCorner.type(), CropCorner.ORIGIN),
        f.optional("target_size", PixelSize.type()),
        f.optional("negative_original_size", PixelSize.type()),
        f.or("negative_crops_coords_top_left", CropCorner.type(), CropCorner.ORIGIN),
        f.optional("negative_target_size", PixelSize.type()));
  }

  void write(FieldWriter out) {
    out.put("height", height)
        .put("width", width)
        .put("original_size", originalSize.map(PixelSize::pair))
        .putUnless(CropCorner.ORIGIN.pair(), "crops_coords_top_left", cropsCoordsTopLeft.pair())
        .put("target_size", targetSize.map(PixelSize::pair))
        .put("negative_original_size", negativeOriginalSize.map(PixelSize::pair))
        .putUnless(
            CropCorner.ORIGIN.pair(),
            "negative_crops_coords_top_left",
            negativeCropsCoordsTopLeft.pair())
        .put("negative_target_size", negativeTargetSize.map(PixelSize::pair));
  }

  private static Optional<String> complaint(int edge) {
    int below = edge / STEP * STEP;
    return edge == below
        ? Optional.empty()
        : Optional.of(
            String.format(
                "found %d, allowed: a multiple of %d from %d to %d; the nearest are %d and %d",
                edge, STEP, SMALLEST, LARGEST, below, below + STEP));
  }
}

package farm.darkroom.sdxl.unet;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.torch.Kernels;

/**
 * Where a picture of an IP-Adapter is seen.
 *
 * @param mask {@code [1, 1, height, width]} of the picture that is made: 1 there, else 0
 * @param height of the latents
 * @param width of the latents
 */
public record PictureMask(NDArray mask, long height, long width) {
  public PictureMask {
    requireNonNull(mask, "mask");
  }

  /**
   * The mask at the queries of an attention (diffusers: {@code IPAdapterMaskProcessor.downsample}).
   * Their height and width are told from their number and the mask's aspect; where that goes wrong,
   * the mask is a little out of place, and the last queries see nothing.
   *
   * @param halvings of the latents before the attention
   * @return {@code [1, queries, 1]}, float32
   * @throws SdxlException where the picture is so long that they would have no height or width
   */
  NDArray at(Kernels kernels, NDManager owner, int halvings) {
    long queries = halved(height, halvings) * halved(width, halvings);
    double ratio = (double) mask.getShape().get(3) / mask.getShape().get(2);
    long rows = (long) Math.sqrt(queries / ratio);
    if (rows > 0 && queries % rows != 0) {
      rows++;
    }
    long columns = rows == 0 ? 0 : queries / rows;
    if (columns == 0) {
      throw new SdxlException(
          "an ip_adapter mask for a picture of %d x %d: too long for the %d positions of an attention"
              .formatted(mask.getShape().get(3), mask.getShape().get(2), queries));
    }
    return kernels.tensor(owner, "mask_at_queries", mask, queries, rows, columns);
  }

  private static long halved(long side, int times) {
    return times == 0 ? side : halved((side + 1) / 2, times - 1);
  }
}

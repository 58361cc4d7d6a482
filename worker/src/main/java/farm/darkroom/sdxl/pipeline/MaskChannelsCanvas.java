package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.List;

/**
 * Inpainting with a UNet of 9 channels: latents, mask and masked picture side by side.
 *
 * @param mask {@code [1, 1, h, w]}
 * @param maskedImage latents of the picture with the mask cut out, {@code [1, 4, h, w]}
 */
record MaskChannelsCanvas(Kernels kernels, NDArray mask, NDArray maskedImage)
    implements LatentCanvas {

  @Override
  public NDArray before(NDManager owner, NDArray scaled) {
    return kernels.tensor(owner, "joined", List.of(scaled, mask, maskedImage), 1);
  }
}

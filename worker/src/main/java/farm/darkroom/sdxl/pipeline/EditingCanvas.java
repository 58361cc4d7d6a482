package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.List;

/**
 * Editing by instruction with a UNet of 8 channels: latents and the picture's side by side.
 *
 * @param pictures a row for each prediction, {@code [n, 4, h, w]}
 */
record EditingCanvas(Kernels kernels, NDArray pictures) implements LatentCanvas {

  @Override
  public NDArray before(NDManager owner, NDArray scaled) {
    NDArray rows = kernels.tensor(owner, "repeated", scaled, pictures.getShape().get(0));
    return kernels.tensor(owner, "joined", List.of(rows, pictures), 1);
  }
}

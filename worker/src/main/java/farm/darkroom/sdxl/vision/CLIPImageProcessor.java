package farm.darkroom.sdxl.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.vae.Raster;
import java.nio.ByteBuffer;

/**
 * transformers' CLIPImageProcessor on Pillow images, as {@code load_ip_adapter} makes one, once the
 * middle is cut out: colours are normalised.
 */
record CLIPImageProcessor(Kernels kernels) {
  private static final Shape COLOURS = new Shape(1, 3, 1, 1);
  private static final float[] MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
  private static final float[] DEVIATION = {0.26862954f, 0.26130258f, 0.27577711f};

  /** {@code [1, 3, height, width]}, float32. */
  NDArray preprocess(NDManager owner, Raster middle) {
    Shape shape = new Shape(1, middle.height(), middle.width(), 3);
    try (NDArray bytes = owner.create(ByteBuffer.wrap(middle.samples()), shape, DataType.UINT8);
        NDArray mean = owner.create(MEAN, COLOURS);
        NDArray deviation = owner.create(DEVIATION, COLOURS)) {
      return kernels.tensor(owner, "clip_pixels", bytes, mean, deviation);
    }
  }
}

package farm.darkroom.sdxl.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.Weights;

/** An image encoder with its weights, which stay the caller's. */
public record ImageEncoder(CLIPVisionModelWithProjection model, Kernels kernels, Weights weights) {

  NDArray imageEmbeds(NDManager owner, NDArray pixels) {
    return model.imageEmbeds(kernels, weights, owner, pixels);
  }

  NDArray penultimate(NDManager owner, NDArray pixels) {
    return model.penultimate(kernels, weights, owner, pixels);
  }
}

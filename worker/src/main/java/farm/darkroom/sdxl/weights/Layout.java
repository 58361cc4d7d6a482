package farm.darkroom.sdxl.weights;

/** How a weight is laid out on the device, which is what the kernels expect. */
public enum Layout {
  /** As it is: biases, norms, embedding tables. */
  PLAIN,
  /** {@code [out, in]} of a linear layer; packed for oneDNN where that pays. */
  LINEAR,
  /** {@code [out, in, kh, kw]} of a convolution, channels last. */
  CONVOLUTION
}

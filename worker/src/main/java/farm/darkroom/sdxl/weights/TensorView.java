package farm.darkroom.sdxl.weights;

/**
 * A tensor under the name that a model knows it by, which need not be its name in the file, nor all
 * of a tensor there.
 */
public record TensorView(TensorInfo tensor, TensorBytes source) {

  /** The same bytes under another name. */
  public TensorView named(String name) {
    TensorInfo same =
        new TensorInfo(name, tensor.type(), tensor.shape(), tensor.begin(), tensor.bytes());
    return new TensorView(same, source);
  }
}

package farm.darkroom.sdxl.weights;

/**
 * A tensor under the name that a model knows it by. Its name in the file may differ, and it may be
 * a slice of the tensor there.
 */
public record TensorView(StoredTensor tensor, TensorBytes source) {

  /** This tensor under another name. */
  public TensorView named(String name) {
    StoredTensor same =
        new StoredTensor(name, tensor.type(), tensor.shape(), tensor.begin(), tensor.bytes());
    return new TensorView(same, source);
  }
}

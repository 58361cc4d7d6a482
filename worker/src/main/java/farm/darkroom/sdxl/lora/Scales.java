package farm.darkroom.sdxl.lora;

/**
 * How strongly each layer of a component is merged, before the weight of the network as a whole.
 */
interface Scales {
  /** No alpha anywhere: rank / rank. */
  Scales ONE = (layer, path) -> 1;

  /**
   * The layer's alpha / rank.
   *
   * @param path of the layer in the model, with dots
   */
  double of(Layer layer, String path);

  /** Whether a part that a layer may have counts. */
  default boolean reads(Part part) {
    return true;
  }
}

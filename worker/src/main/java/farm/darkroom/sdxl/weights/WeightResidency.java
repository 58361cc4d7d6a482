package farm.darkroom.sdxl.weights;

/** How long weights stay on the device, fastest first. Pictures are the same under all. */
public enum WeightResidency {
  /** Everything stays in compute dtype from first use. */
  RESIDENT,
  /** One component at a time: text encoders, then the UNet, then the VAE. */
  MODEL,
  /** Block by block from the mapped file. */
  SEQUENTIAL;

  /** Weights of one component under this residency; {@link #MODEL} evicts between components. */
  public Weights weights(WeightLoader loader) {
    return switch (this) {
      case RESIDENT, MODEL -> new ResidentWeights(loader);
      case SEQUENTIAL -> new SequentialWeights(loader);
    };
  }
}

package farm.darkroom.sdxl.pipeline;

import java.util.List;

/**
 * The T2I-Adapters of a request with their pictures.
 *
 * @param factor {@code adapter_conditioning_factor}, the share of the steps that they steer
 */
public record AdapterImages(List<AdapterImage> all, double factor) {
  /** No adapter. */
  public static final AdapterImages NONE = new AdapterImages(List.of(), 1);

  public AdapterImages {
    all = List.copyOf(all);
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return all.isEmpty();
  }

  /**
   * How many of the first steps they steer.
   *
   * @param steps {@code num_inference_steps}, as diffusers' loop has it
   */
  int steered(int steps) {
    return (int) (steps * factor);
  }
}

package farm.darkroom.common.job;

import java.util.Locale;

/** The kind of result: pictures, or the latents before VAE decoding. */
public enum OutputType {
  /** A PNG per image; diffusers' name for a picture. */
  PIL,
  /** A safetensors file per image that holds {@code latents} [1, 4, height/8, width/8]. */
  LATENT;

  /** The name in JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static OutputType of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}

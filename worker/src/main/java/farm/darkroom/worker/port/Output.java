package farm.darkroom.worker.port;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.picture.Picture;

/** One result of a render. */
public sealed interface Output {

  /** A finished picture. */
  record Image(Picture picture) implements Output {
    public Image {
      requireNonNull(picture, "picture");
    }
  }

  /**
   * What a job with {@code "output_type": "latent"} gives.
   *
   * @param safetensors a safetensors file that holds {@code latents}, float32 [1, 4, height/8,
   *     width/8]
   */
  @SuppressWarnings("ArrayRecordComponent") // a file's bytes are handed over, never compared
  record Latents(byte[] safetensors) implements Output {
    public Latents {
      requireNonNull(safetensors, "safetensors");
    }
  }
}

package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.ConfigReader;

/** The config.json of either kind of autoencoder. */
public sealed interface AutoencoderConfig permits VaeConfig, TinyVaeConfig {

  /**
   * Reads the config of a component.
   *
   * @throws SdxlException for a class or value not supported
   */
  static AutoencoderConfig of(Component component) {
    String name = component.config().path("_class_name").asText();
    return switch (name) {
      case "AutoencoderKL" -> VaeConfig.of(component);
      case "AutoencoderTiny" -> TinyVaeConfig.of(component);
      default ->
          throw ConfigReader.of(component).refusal("_class_name", "AutoencoderKL, AutoencoderTiny");
    };
  }

  /** Channels of the latents. */
  int latentChannels();

  /** Pixels of the picture for one of the latents, along each side. */
  int vaeScaleFactor();

  /**
   * Whether the model should run in float32 even where the UNet runs in float16; diffusers encodes
   * in float32 then whatever the UNet runs in.
   */
  boolean forceUpcast();

  /** The tiles of diffusers' {@code enable_tiling}. */
  Tiling tiling();

  /** What lies between its latents and the UNet's. */
  LatentScale latentScale();
}

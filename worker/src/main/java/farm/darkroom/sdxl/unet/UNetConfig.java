package farm.darkroom.sdxl.unet;

import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.ConfigReader;
import farm.darkroom.sdxl.snapshot.JsonFile;
import java.nio.file.Path;
import java.util.List;

/**
 * What decides the topology of a UNet2DConditionModel of SDXL's family. diffusers' alternatives
 * (one number or a list, reversed lists, heads called head_dim) are resolved: blocks say what they
 * are.
 *
 * @param sampleSize the side of the default latents, in latent pixels
 * @param up in the order of {@code up_blocks}, so the narrowest last
 */
public record UNetConfig(
    int sampleSize,
    EncoderConfig encoder,
    List<BlockConfig> up,
    int outChannels,
    int convOutKernel) {
  static final int CHANNELS = 4;

  public UNetConfig {
    up = List.copyOf(up);
  }

  /** Reads {@code unet/config.json}; what is not supported is refused with one line. */
  public static UNetConfig of(Component component) {
    return of(ConfigReader.of(component));
  }

  /** Reads a config.json; what is not supported is refused with one line. */
  public static UNetConfig read(Path file) {
    return of(new ConfigReader(file, JsonFile.object(file)));
  }

  /** Reads a config; what is not supported is refused with one line. */
  static UNetConfig of(ConfigReader json) {
    json.only("_class_name", "UNet2DConditionModel");
    json.only("num_attention_heads");
    json.only("conv_out_kernel", 1, 3, 5);
    BlockReader blocks = BlockReader.of(json);
    return new UNetConfig(
        json.integer("sample_size", 128),
        EncoderConfig.of(json, blocks),
        blocks.up(),
        json.integer("out_channels", CHANNELS),
        json.integer("conv_out_kernel", 3));
  }

  /** Whether a component's model takes latents alone, by its config. */
  public static boolean takesLatentsAlone(Component component) {
    ConfigReader json = ConfigReader.of(component);
    return json.integer("in_channels", CHANNELS) == json.integer("out_channels", CHANNELS);
  }

  /** Whether a component's model sees the picture that it edits, by its config. */
  public static boolean isEditing(Component component) {
    ConfigReader json = ConfigReader.of(component);
    return isEditing(json.integer("in_channels", CHANNELS), json.integer("out_channels", CHANNELS));
  }

  private static boolean isEditing(int inChannels, int latents) {
    return inChannels == 2 * latents;
  }

  /**
   * Whether the model sees the picture that it edits (InstructPix2Pix): it takes latents and that
   * picture's, 8 channels for latents of 4.
   */
  public boolean isEditing() {
    return isEditing(inChannels(), outChannels);
  }

  /**
   * Whether a component's model sees the mask of inpainting, by its config alone: the rest of it
   * may be one that {@link #of} refuses.
   */
  public static boolean isInpainting(Component component) {
    ConfigReader json = ConfigReader.of(component);
    return isInpainting(
        json.integer("in_channels", CHANNELS), json.integer("out_channels", CHANNELS));
  }

  private static boolean isInpainting(int inChannels, int latents) {
    return inChannels == 2 * latents + 1;
  }

  /**
   * Whether the model sees the mask of inpainting: it takes latents, mask and masked latents, 9
   * channels for latents of 4.
   */
  public boolean isInpainting() {
    return isInpainting(inChannels(), outChannels);
  }

  /** 4, 8 for editing, or 9 for inpainting. */
  public int inChannels() {
    return encoder.inChannels();
  }

  /** The embedding of timestep, pooled text and sizes. */
  public TimeConfig time() {
    return encoder.time();
  }

  /** Features of the text. */
  public int crossAttentionDim() {
    return encoder.crossAttentionDim();
  }
}

package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.lora.LoraSet;
import farm.darkroom.sdxl.singlefile.ControlNetFile;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.ConfigReader;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.unet.ControlNetConfig;
import farm.darkroom.sdxl.unet.ControlNetModel;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.vae.AutoencoderConfig;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.Weights;
import java.nio.file.Files;
import java.nio.file.Path;

/** An open ControlNet with its own weights. Jobs may share it. Not thread-safe. */
public final class ControlNet implements SideModel {
  private static final int COLOURS = 3;

  private final Component component;
  private final ControlNetModel model;
  private final LoadedWeights weights;
  private final Precision precision;

  private ControlNet(
      Component component, ControlNetModel model, LoadedWeights weights, Precision precision) {
    this.component = component;
    this.model = model;
    this.weights = weights;
    this.precision = precision;
  }

  /**
   * Maps the component.
   *
   * @param place a folder with config.json, or a safetensors file
   * @throws SdxlException when it is neither
   */
  public static Component component(Path place) {
    return Files.isRegularFile(place)
        ? ControlNetFile.open(place)
        : Component.open(Component.CONTROLNET, place);
  }

  /**
   * Maps the component and checks it against its config.
   *
   * @throws SdxlException as {@link #open}
   */
  public static Component sound(Path place) {
    Component component = component(place);
    WeightCheck.check(
        component.checkpoint(), ControlNetModel.groups(ControlNetConfig.of(component)));
    return component;
  }

  /**
   * Opens a ControlNet and checks all of it; weights come when they are used.
   *
   * @param component as {@link #component} gives it
   * @throws SdxlException naming file, tensor or key, found and expected
   */
  public static ControlNet open(Component component, Engine engine) {
    LoadedWeights all = new LoadedWeights(engine, LoraSet.none());
    try {
      ControlNetConfig config = ControlNetConfig.of(component);
      Weights weights = all.open(component, engine.precision());
      ControlNetModel model = new ControlNetModel(config, engine.kernels(), weights);
      WeightCheck.check(component.checkpoint(), model.groups());
      return new ControlNet(component, model, all, engine.precision());
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  @Override
  public long weightBytes() {
    return model.groups().stream().mapToLong(precision::bytes).sum();
  }

  ControlNetModel model() {
    return model;
  }

  /**
   * Checks that it fits the UNet that it is to control, and the VAE of the picture.
   *
   * @throws SdxlException naming both sides
   */
  void check(UNetConfig unet, AutoencoderConfig vae) {
    check(component, model.config(), unet);
    check(component, model.config(), vae);
  }

  /** Its view of the control picture is added to the latents, so it has to be of their size. */
  static void check(Component component, ControlNetConfig config, AutoencoderConfig vae) {
    if (config.scaleFactor() != vae.vaeScaleFactor()) {
      int widths = Integer.numberOfTrailingZeros(vae.vaeScaleFactor()) + 1;
      throw ConfigReader.of(component)
          .refusal(
              "conditioning_embedding_out_channels",
              "%d widths, since the vae makes each side %d times smaller"
                  .formatted(widths, vae.vaeScaleFactor()));
    }
  }

  static void check(Component component, ControlNetConfig config, UNetConfig unet) {
    ConfigReader json = ConfigReader.of(component);
    if (config.conditioningChannels() != COLOURS) {
      throw json.refusal("conditioning_channels", "3, since control pictures are RGB");
    }
    if (config.encoder().inChannels() != unet.outChannels()) {
      throw json.refusal("in_channels", "the unet's latents, which have " + unet.outChannels());
    }
    String own = config.encoder().shape();
    String expected = unet.encoder().shape();
    if (!own.equals(expected)) {
      throw new SdxlException(
          "%s: this ControlNet is for %s; the unet has %s"
              .formatted(component.configFile(), own, expected));
    }
  }

  /** A stage is over; see {@link LoadedWeights#endStage}. */
  void endStage() {
    weights.endStage();
  }

  @Override
  public void close() {
    weights.close();
  }
}

package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.lora.LoraSet;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.text.CLIPTextModel;
import farm.darkroom.sdxl.text.PromptEncoder;
import farm.darkroom.sdxl.text.TextEncoder;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.unet.UNet2DConditionModel;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.vae.Autoencoder;
import farm.darkroom.sdxl.vae.AutoencoderConfig;
import farm.darkroom.sdxl.vae.Tiling;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The components of a pipeline, each checked against its file and against the others. */
record Components(
    PromptEncoder prompts,
    UNet2DConditionModel unet,
    Autoencoder vae,
    LoadedWeights weights,
    List<String> warnings)
    implements AutoCloseable {

  /** Opens what the snapshot has; {@code vaeComponent} is the snapshot's or the user's own. */
  static Components open(
      Snapshot snapshot,
      Component vaeComponent,
      Optional<Tiling> tiling,
      Engine engine,
      LoraSet loras) {
    LoadedWeights all = new LoadedWeights(engine, loras);
    try {
      return open(snapshot, vaeComponent, tiling, engine, all);
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  private static Components open(
      Snapshot snapshot,
      Component vaeComponent,
      Optional<Tiling> tiling,
      Engine engine,
      LoadedWeights all) {
    Component unetComponent = snapshot.component(Component.UNET);
    UNetConfig config = UNetConfig.of(unetComponent);
    Weights unetWeights = all.open(unetComponent, engine.precision());
    UNet2DConditionModel unet = new UNet2DConditionModel(config, engine.kernels(), unetWeights);
    all.check(unetComponent, unet.groups());

    Autoencoder whole = vae(vaeComponent, engine, all);
    all.check(vaeComponent, whole.groups());
    Autoencoder vae = tiling.map(whole::withTiling).orElse(whole);

    PromptEncoder prompts = prompts(snapshot, engine, all);
    try {
      new CompatibilityCheck(snapshot, unetComponent, config, vae.config()).check(prompts);
    } catch (RuntimeException e) {
      prompts.close();
      throw e;
    }
    return new Components(prompts, unet, vae, all, all.warnings());
  }

  private static Autoencoder vae(Component component, Engine engine, LoadedWeights all) {
    Dtype decoding = vaeDtype(component, engine.vaeDtype());
    boolean upcast = AutoencoderConfig.of(component).forceUpcast();
    Weights decoder = all.open(component, Precision.of(decoding));
    Weights encoder =
        upcast && decoding != Dtype.FLOAT32
            ? all.open(component, Precision.of(Dtype.FLOAT32))
            : decoder;
    return Autoencoder.of(component, engine.kernels(), encoder, decoder);
  }

  /** Tokenizers are native memory: those that opened before one that does not are closed. */
  private static PromptEncoder prompts(Snapshot snapshot, Engine engine, LoadedWeights all) {
    List<TextEncoder> encoders = new ArrayList<>();
    try {
      snapshot.textEncoders().forEach(name -> encoders.add(encoder(snapshot, name, engine, all)));
      boolean zeros = snapshot.flag("force_zeros_for_empty_prompt", true);
      return new PromptEncoder(engine.kernels(), encoders, zeros);
    } catch (RuntimeException e) {
      encoders.forEach(TextEncoder::close);
      throw e;
    }
  }

  private static TextEncoder encoder(
      Snapshot snapshot, String name, Engine engine, LoadedWeights all) {
    Component component = snapshot.component(name);
    CLIPTextModel model = CLIPTextModel.of(snapshot, component);
    all.check(component, model.groups());
    return TextEncoder.open(snapshot, name, model, all.open(component, engine.precision()));
  }

  /** What a VAE decodes in where {@code asked} is wanted. */
  static Dtype vaeDtype(Component component, Dtype asked) {
    boolean upcast = AutoencoderConfig.of(component).forceUpcast();
    return asked == Dtype.FLOAT16 && upcast ? Dtype.FLOAT32 : asked;
  }

  @Override
  public void close() {
    prompts.close();
    weights.close();
  }
}

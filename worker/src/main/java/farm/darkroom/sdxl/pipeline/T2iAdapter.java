package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.lora.LoraSet;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.unet.T2iAdapterConfig;
import farm.darkroom.sdxl.unet.T2iAdapterModel;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.Weights;
import java.nio.file.Path;
import java.util.List;

/** An open T2I-Adapter with its own weights. Jobs may share it. Not thread-safe. */
public final class T2iAdapter implements SideModel {
  private final Component component;
  private final T2iAdapterModel model;
  private final LoadedWeights weights;
  private final Precision precision;

  private T2iAdapter(
      Component component, T2iAdapterModel model, LoadedWeights weights, Precision precision) {
    this.component = component;
    this.model = model;
    this.weights = weights;
    this.precision = precision;
  }

  /**
   * Maps the component.
   *
   * @param folder with config.json
   * @throws SdxlException when it is no component
   */
  public static Component component(Path folder) {
    return Component.open(Component.T2I_ADAPTER, folder);
  }

  /**
   * Maps the component and checks it against its config.
   *
   * @throws SdxlException as {@link #open}
   */
  public static Component sound(Path folder) {
    Component component = component(folder);
    WeightCheck.check(
        component.checkpoint(), T2iAdapterModel.groups(T2iAdapterConfig.of(component)));
    return component;
  }

  /**
   * Opens an adapter and checks all of it; weights come when they are used.
   *
   * @param component as {@link #component} gives it
   * @throws SdxlException naming file, tensor or key, found and expected
   */
  public static T2iAdapter open(Component component, Engine engine) {
    LoadedWeights all = new LoadedWeights(engine, LoraSet.none());
    try {
      T2iAdapterConfig config = T2iAdapterConfig.of(component);
      Weights weights = all.open(component, engine.precision());
      WeightCheck.check(component.checkpoint(), T2iAdapterModel.groups(config));
      T2iAdapterModel model = new T2iAdapterModel(config, engine.kernels(), weights);
      return new T2iAdapter(component, model, all, engine.precision());
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  @Override
  public long weightBytes() {
    return T2iAdapterModel.groups(config()).stream().mapToLong(precision::bytes).sum();
  }

  T2iAdapterConfig config() {
    return model.config();
  }

  /**
   * Checks that it fits the UNet that it is to steer, and pictures of the size.
   *
   * @param vaeScaleFactor pixels for one of the latents, along each side
   * @throws SdxlException naming both sides
   */
  void check(UNetConfig unet, int vaeScaleFactor, Size size) {
    config().check(component, unet, vaeScaleFactor);
    config().checkSide(component, "height", size.height());
    config().checkSide(component, "width", size.width());
  }

  /** As {@link T2iAdapterModel#features}; then its weights are freed under {@code model}. */
  List<NDArray> features(NDManager owner, NDArray image, double scale) {
    try {
      return model.features(owner, image, scale);
    } finally {
      weights.endStage();
    }
  }

  @Override
  public void close() {
    weights.close();
  }
}

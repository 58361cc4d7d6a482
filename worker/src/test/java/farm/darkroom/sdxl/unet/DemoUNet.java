package farm.darkroom.sdxl.unet;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.WeightLoader;
import farm.darkroom.sdxl.weights.WeightPatch;
import farm.darkroom.sdxl.weights.WeightResidency;
import farm.darkroom.sdxl.weights.Weights;
import java.nio.file.Path;

/** The unet of a demo snapshot, opened for a test. */
record DemoUNet(Weights weights, UNet2DConditionModel model) implements AutoCloseable {
  /** Compiled once for all tests of the package. */
  static final Kernels KERNELS = Kernels.load(Device.cpu());

  static DemoUNet open(String snapshot, Dtype dtype, WeightResidency residency) {
    return open(Path.of("demo-model", snapshot, "unet"), dtype, residency);
  }

  static DemoUNet open(Path folder, Dtype dtype, WeightResidency residency) {
    return open(folder, Precision.of(dtype), residency);
  }

  static DemoUNet open(Path folder, Precision precision, WeightResidency residency) {
    Component unet = Component.open("unet", folder);
    Weights weights =
        residency.weights(
            new WeightLoader(unet.checkpoint(), KERNELS, precision, WeightPatch.NONE));
    UNetConfig config = UNetConfig.of(unet);
    UNet2DConditionModel model = new UNet2DConditionModel(config, KERNELS, weights);
    WeightCheck.check(unet.checkpoint(), model.groups());
    return new DemoUNet(weights, model);
  }

  /** The text of the goldens for {@code snapshot}. */
  UNetConditioning condition(GoldenTensors goldens, String snapshot) {
    try (NDManager scope = KERNELS.manager().newSubManager()) {
      return model.condition(
          new TextTime(
              goldens.tensor(snapshot + ".encoder_hidden_states", scope),
              goldens.tensor(snapshot + ".text_embeds", scope),
              goldens.tensor(snapshot + ".time_ids", scope)));
    }
  }

  @Override
  public void close() {
    weights.close();
  }
}

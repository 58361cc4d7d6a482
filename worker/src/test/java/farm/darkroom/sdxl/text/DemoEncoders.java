package farm.darkroom.sdxl.text;

import ai.djl.Device;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.ResidentWeights;
import farm.darkroom.sdxl.weights.WeightLoader;
import farm.darkroom.sdxl.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/** The demo model's text encoders, resident on the CPU. */
final class DemoEncoders implements AutoCloseable {
  private final Kernels kernels = Kernels.load(Device.cpu());
  private final Dtype dtype;
  private final List<Weights> weights = new ArrayList<>();

  DemoEncoders(Dtype dtype) {
    this.dtype = dtype;
  }

  Kernels kernels() {
    return kernels;
  }

  /** An encoder of {@code base} or {@code refiner}; its weights close with this. */
  TextEncoder encoder(String model, String name) {
    Snapshot snapshot = Snapshot.open(TextGoldens.DEMO.resolve(model));
    Component component = snapshot.component(name);
    CLIPTextModel clip = CLIPTextModel.of(snapshot, component);
    WeightCheck.check(component.checkpoint(), clip.groups());
    Weights held = new ResidentWeights(new WeightLoader(component.checkpoint(), kernels, dtype));
    weights.add(held);
    return TextEncoder.open(snapshot, name, clip, held);
  }

  PromptEncoder base(boolean forceZeros) {
    List<TextEncoder> both =
        List.of(encoder("base", "text_encoder"), encoder("base", "text_encoder_2"));
    return new PromptEncoder(kernels, both, forceZeros);
  }

  PromptEncoder refiner(boolean forceZeros) {
    return new PromptEncoder(kernels, List.of(encoder("refiner", "text_encoder_2")), forceZeros);
  }

  @Override
  public void close() {
    weights.forEach(Weights::close);
    kernels.close();
  }
}

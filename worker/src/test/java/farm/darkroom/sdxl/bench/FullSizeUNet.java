package farm.darkroom.sdxl.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.JsonFile;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.HostAllocator;
import farm.darkroom.sdxl.torch.HostAllocator.Keeping;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.unet.TextTime;
import farm.darkroom.sdxl.unet.UNet2DConditionModel;
import farm.darkroom.sdxl.unet.UNetConditioning;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.unet.UNetInput;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.Quantisation;
import farm.darkroom.sdxl.weights.WeightLoader;
import farm.darkroom.sdxl.weights.WeightPatch;
import farm.darkroom.sdxl.weights.WeightResidency;
import farm.darkroom.sdxl.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Steps of a UNet of SDXL base's size with random weights, which are made on first use.
 *
 * <pre>FullSizeUNet FOLDER LATENT[,LATENT...] DTYPE[+int8] RESIDENCY[+tight][+both] STEPS THREADS
 * </pre>
 *
 * {@code sequential+tight} gives freed memory back at once, as a worker does where it is short.
 * There is no negative prompt, so that its text is zeros, as SDXL base has it; with {@code +both}
 * each step is also done with one, in turn.
 */
final class FullSizeUNet {
  private static final Path CONFIG =
      Path.of("worker/src/test/resources/goldens/unet/topology/base.json");

  private FullSizeUNet() {}

  public static void main(String[] arguments) throws IOException {
    Component unet =
        Bench.component(
            "unet",
            Path.of(arguments[0]),
            JsonFile.object(CONFIG),
            UNet2DConditionModel.groups(UNetConfig.read(CONFIG)));
    Precision precision = precision(arguments[2]);
    List<String> words = List.of(arguments[3].split("\\+"));
    boolean tight = words.contains("tight");
    WeightResidency residency = WeightResidency.valueOf(words.get(0).toUpperCase(Locale.ROOT));
    Kernels kernels = Bench.kernels(Integer.parseInt(arguments[5]));
    HostAllocator.keep(
        residency != WeightResidency.SEQUENTIAL
            ? Keeping.SMALL
            : tight ? Keeping.NOTHING : Keeping.ALL);
    WeightLoader loader = new WeightLoader(unet.checkpoint(), kernels, precision, WeightPatch.NONE);
    try (Weights weights = residency.weights(loader);
        PeakMemory memory = new PeakMemory()) {
      UNet2DConditionModel model = new UNet2DConditionModel(UNetConfig.of(unet), kernels, weights);
      WeightCheck.check(unet.checkpoint(), model.groups());
      int steps = Integer.parseInt(arguments[4]);
      try (NDManager scope = kernels.manager().newSubManager();
          UNetConditioning without = model.condition(text(scope, false));
          UNetConditioning with = model.condition(text(scope, true))) {
        Map<String, UNetConditioning> texts = new TreeMap<>(Map.of("step", without));
        if (words.contains("both")) {
          texts.put("negative", with);
        }
        for (String latent : arguments[1].split(",")) {
          steps(model, kernels, texts, Integer.parseInt(latent), steps, memory);
        }
      }
    }
  }

  /** As records name it: a dtype, or {@code float32+int8}. */
  private static Precision precision(String label) {
    String[] words = label.toUpperCase(Locale.ROOT).split("\\+", 2);
    return new Precision(
        Dtype.valueOf(words[0]),
        words.length == 1 ? Quantisation.NONE : Quantisation.valueOf(words[1]));
  }

  private static void steps(
      UNet2DConditionModel model,
      Kernels kernels,
      Map<String, UNetConditioning> texts,
      int latent,
      int steps,
      PeakMemory memory) {
    try (NDManager scope = kernels.manager().newSubManager()) {
      NDArray sample = scope.randomNormal(new Shape(2, 4, latent, latent));
      for (int i = 0; i < steps; i++) {
        for (Map.Entry<String, UNetConditioning> text : texts.entrySet()) {
          UNetInput input = UNetInput.of(sample, 999 - i, text.getValue());
          String label = "unet %d %s %d".formatted(latent, text.getKey(), i);
          Bench.measure(label, memory, () -> model.forward(scope, input));
        }
      }
    }
  }

  private static TextTime text(NDManager scope, boolean negative) {
    Shape shape = new Shape(1, 77, 2048);
    NDArray first = negative ? scope.randomNormal(shape) : scope.zeros(shape);
    return new TextTime(
        first.concat(scope.randomNormal(shape)),
        scope.randomNormal(new Shape(2, 1280)),
        scope.create(
            new float[] {512, 512, 0, 0, 512, 512, 512, 512, 0, 0, 512, 512}, new Shape(2, 6)));
  }
}

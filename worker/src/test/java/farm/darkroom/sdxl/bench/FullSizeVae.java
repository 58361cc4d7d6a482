package farm.darkroom.sdxl.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.JsonFile;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.vae.Autoencoder;
import farm.darkroom.sdxl.weights.Layout;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightLoader;
import farm.darkroom.sdxl.weights.WeightResidency;
import farm.darkroom.sdxl.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/**
 * Decodes with a VAE of SDXL's size with random weights, which are made on first use.
 *
 * <pre>FullSizeVae FOLDER LATENT DTYPE TIMES THREADS</pre>
 */
final class FullSizeVae {
  private static final Path SDXL = Path.of("worker/src/test/resources/goldens/vae/sdxl.json");
  private static final String CONFIG = "config";

  private FullSizeVae() {}

  public static void main(String[] arguments) throws IOException {
    JsonNode sdxl = JsonFile.object(SDXL);
    Component vae =
        Bench.component("vae", Path.of(arguments[0]), sdxl.get(CONFIG), List.of(everyTensor(sdxl)));
    int latent = Integer.parseInt(arguments[1]);
    Dtype dtype = Dtype.valueOf(arguments[2].toUpperCase(Locale.ROOT));
    Kernels kernels = Bench.kernels(Integer.parseInt(arguments[4]));
    try (Weights weights =
            WeightResidency.RESIDENT.weights(new WeightLoader(vae.checkpoint(), kernels, dtype));
        NDManager scope = kernels.manager().newSubManager();
        PeakMemory memory = new PeakMemory()) {
      Autoencoder model = Autoencoder.of(vae, kernels, weights);
      NDArray latents = scope.randomNormal(new Shape(1, 4, latent, latent));
      for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
        Bench.measure(
            "vae %d decode %d".formatted(latent, i), memory, () -> model.decode(scope, latents));
      }
    }
  }

  private static WeightGroup everyTensor(JsonNode sdxl) {
    WeightGroup.Builder group = WeightGroup.of("vae", "");
    sdxl.fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals(CONFIG)) {
                group.tensor(name, Layout.PLAIN, shape(sdxl.get(name)));
              }
            });
    return group.build();
  }

  private static long[] shape(JsonNode sizes) {
    return StreamSupport.stream(sizes.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }
}

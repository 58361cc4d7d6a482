package farm.darkroom.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.FarmException;
import farm.darkroom.sdxl.vision.IpAdapterFolder;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.picture.Png;
import farm.darkroom.worker.render.inventory.ControlNetFolder;
import farm.darkroom.worker.render.inventory.T2iAdapterFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code plan} refuses what {@code render} refuses, in the same line. */
@ExtendWith(AtHome.class)
class SameRefusalsTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens").toAbsolutePath();
  private static final String FIELDS =
      "'prompt': 'a red ball', 'seed': 1, 'height': 64, 'width': 64, 'num_inference_steps': 4";

  @TempDir static Path folder;

  @BeforeAll
  static void write() throws IOException {
    ControlNetFolder.write(folder.resolve("edges"), Map.of());
    ControlNetFolder.writeUnion(folder.resolve("union"));
    ControlNetFolder.write(folder.resolve("broken"), Map.of("in_channels", 9));
    T2iAdapterFolder.write(folder);
    IpAdapterFolder.write(folder);
    Files.createDirectories(folder.resolve("blind"));
    Files.copy(folder.resolve("plus.safetensors"), folder.resolve("blind/plus.safetensors"));
    Files.writeString(folder.resolve("text.png"), "no picture");
    Picture black = new Picture(64, 64, new byte[64 * 64 * 3]);
    Files.write(folder.resolve("black.png"), Png.encode(black, Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'embeddings': [{'path': 'BALL', 'token': 'red</w>'}]",
        "'embeddings': [{'path': 'BALL', 'token': '<|endoftext|>'}]",
        "'embeddings': [{'path': 'BALL', 'token': 'x1'}, {'path': 'BALL', 'token': 'x1'}]",
        "'embeddings': [{'path': 'EDGES'}]",
        "'controlnet': [{'model': 'broken', 'image': 'EDGES'}]",
        "'controlnet': [{'model': 'edges', 'image': './no-such.png'}]",
        "'controlnet': [{'model': 'edges', 'image': 'TEXT'}]",
        "'controlnet': [{'model': 'edges', 'image': 'EDGES', 'control_mode': 0}]",
        "'controlnet': [{'model': 'union', 'image': 'EDGES'}]",
        "'controlnet': [{'model': 'union', 'image': ['EDGES', 'EDGES'], 'control_mode': [1, 5]}]",
        "'controlnet': [{'model': 'edges', 'image': ['EDGES', 'EDGES'], 'control_mode': [0, 1]}]",
        "'t2i_adapter': [{'model': 'depth', 'image': './no-such.png'}]",
        "'t2i_adapter': [{'model': 'depth', 'image': 'TEXT'}]",
        "'t2i_adapter': [{'model': 'edges', 'image': 'EDGES'}]",
        "'ip_adapter': [{'model': 'plain', 'image': './no-such.png'}]",
        "'ip_adapter': [{'model': 'plus', 'image': 'TEXT'}]",
        "'ip_adapter': [{'model': 'plus', 'image': ['EDGES', 'TEXT']}]",
        "'ip_adapter': [{'model': 'plus', 'image': 'EDGES', 'mask': 'TEXT'}]",
        "'ip_adapter': [{'model': 'plus', 'image': ['EDGES', 'EDGES'], 'mask': ['BLACK', 'BLACK'],"
            + " 'scale': [1, {'up': [1, 2]}]}]",
        "'ip_adapter': [{'model': 'edges', 'image': 'EDGES'}]",
        "'ip_adapter': [{'model': 'blind/plus', 'image': 'EDGES'}]",
        "'ip_adapter': [{'model': 'plus', 'image': 'EDGES', 'scale': {'down': {'block_0': 1}}}]",
        "'ip_adapter': [{'model': 'plus', 'image': 'EDGES', 'scale': {'up': [1, 2]}}]",
        "'image': 'TEXT', 'strength': 0.5",
        "'image': 'EDGES', 'mask_image': 'TEXT', 'strength': 0.5",
        "'image': 'EDGES', 'mask_image': 'MASK', 'padding_mask_crop': 8, 'strength': 0.5",
        "'image': 'BLACK', 'mask_image': 'BLACK', 'padding_mask_crop': 8, 'strength': 0.5",
        "'pag_scale': 3, 'pag_applied_layers': ['mid', 'down_blocks.0']",
        "'clip_skip': 12",
        "'clip_skip': 3, 'refiner': {'model': 'demo-refiner', 'denoising_start': 0.8}",
        "'scheduler': 'DDIM', 'timesteps': [900, 500, 100]",
        "'scheduler': 'DDIM', 'sigmas': [10, 5, 1]",
        "'scheduler': 'UniPC', 'sigmas': [10, 5, 1]",
        "'scheduler': 'Euler', 'sigmas': [10, 0, 0]",
        "'scheduler': 'LCM', 'num_inference_steps': 60",
        "'scheduler': 'PNDMScheduler', 'num_inference_steps': 1",
        "'scheduler': {'name': 'DDIMScheduler', 'steps_offset': 400}",
        "'refiner': {'model': 'demo-refiner', 'denoising_start': 0.8, 'scheduler': 'LCM',"
            + " 'num_inference_steps': 60}",
        "'refiner': {'model': 'demo-refiner', 'strength': 0.5, 'scheduler': 'LCM',"
            + " 'num_inference_steps': 60}",
        "'vae': 'edges'"
      })
  void inTheSameWords(String fields) throws IOException {
    assertThat(refusal(new PlanCommand(), "demo", fields))
        .isEqualTo(refusal(new RenderCommand(), "demo", fields));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          'controlnet': [{'model': 'edges', 'image': 'EDGES'}] | this ControlNet is for cross_attention_dim 160
          't2i_adapter': [{'model': 'depth', 'image': 'EDGES'}] | this T2I-Adapter is for features of [48, 96, 112, 112] channels, smaller by [1, 1, 2, 2]; the unet has features of
          'ip_adapter': [{'model': 'plain', 'image': 'EDGES'}] | this IP-Adapter is for a cross_attention_dim of 160; the unet has 96
          """)
  void inTheSameWordsOfAnotherModel(String fields, String words) throws IOException {
    assertThat(refusal(new PlanCommand(), "demo-refiner", fields))
        .isEqualTo(refusal(new RenderCommand(), "demo-refiner", fields))
        .contains(words);
  }

  @Test
  void inTheSameWordsOfASizeThatAnAdapterDoesNotTake() throws IOException {
    String odd = "'t2i_adapter': [{'model': 'depth', 'image': 'EDGES'}]";
    String fields = FIELDS.replace("'height': 64", "'height': 72");
    assertThat(refusal(new PlanCommand(), "demo", fields, odd))
        .isEqualTo(refusal(new RenderCommand(), "demo", fields, odd))
        .startsWith("height is 72; this T2I-Adapter takes multiples of 16 (downscale_factor in ");
  }

  private static String refusal(Object command, String model, String fields) throws IOException {
    return refusal(command, model, FIELDS, fields);
  }

  private static String refusal(Object command, String model, String common, String fields)
      throws IOException {
    String json = "{'model': '%s', %s, %s}".formatted(model, common, fields);
    Path file = folder.resolve("job.json");
    Files.writeString(file, filled(json).replace('\'', '"'), StandardCharsets.UTF_8);
    List<String> arguments =
        new ArrayList<>(List.of(file.toString(), "--models", folder.toString(), "--threads", "1"));
    if (command instanceof RenderCommand) {
      Collections.addAll(arguments, "--output", folder.resolve("out").toString());
    }
    List<FarmException> refused = new ArrayList<>();
    PrintWriter nobody = new PrintWriter(new StringWriter());
    new CommandLine(command)
        .setOut(nobody)
        .setErr(nobody)
        .setExecutionExceptionHandler(
            (e, line, parsed) -> {
              refused.add((FarmException) e);
              return 2;
            })
        .execute(arguments.toArray(String[]::new));
    assertThat(refused).hasSize(1);
    return refused.get(0).getMessage();
  }

  private static String filled(String json) {
    return json.replace("EDGES", GOLDENS.resolve("additions/edges.png").toString())
        .replace("BALL", GOLDENS.resolve("text/inversion_3.safetensors").toString())
        .replace("MASK", GOLDENS.resolve("pipeline/init.png").toString())
        .replace("BLACK", folder.resolve("black.png").toString())
        .replace("TEXT", folder.resolve("text.png").toString());
  }
}

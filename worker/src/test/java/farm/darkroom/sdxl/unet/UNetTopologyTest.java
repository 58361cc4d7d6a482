package farm.darkroom.sdxl.unet;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.sdxl.snapshot.ConfigReader;
import farm.darkroom.sdxl.snapshot.JsonFile;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published models: every tensor's name and shape as diffusers builds them. */
class UNetTopologyTest {
  private static final Path FOLDER = GoldenTensors.FOLDER.resolve("topology");

  @ParameterizedTest
  @CsvSource({"base, base", "refiner, refiner", "inpainting, base", "controlnet, controlnet"})
  void everyTensorOfThePublishedModels(String model, String list) {
    Map<String, List<Long>> expected = shapes(list);
    expected.putAll(shapes(model));
    Map<String, List<Long>> found = new TreeMap<>();
    for (WeightGroup group : groups(model)) {
      for (WeightSpec weight : group.weights()) {
        assertThat(found.put(weight.tensor(), weight.shape())).as(weight.tensor()).isNull();
      }
    }
    assertThat(found).containsExactlyEntriesOf(expected);
  }

  @Test
  void groupsAreSmallAndNamedOnce() {
    List<WeightGroup> groups = groups("base");
    Set<String> names = new HashSet<>();
    groups.forEach(group -> assertThat(names.add(group.name())).as(group.name()).isTrue());
    assertThat(groups.stream().mapToLong(WeightGroup::parameters).sum()).isEqualTo(2_567_463_684L);
    assertThat(groups).allMatch(group -> group.parameters() < 60_000_000);
  }

  private static List<WeightGroup> groups(String model) {
    Path file = FOLDER.resolve(model + ".json");
    ConfigReader json = new ConfigReader(file, JsonFile.object(file));
    return model.equals("controlnet")
        ? ControlNetModel.groups(ControlNetConfig.of(json))
        : UNet2DConditionModel.groups(UNetConfig.of(json));
  }

  private static Map<String, List<Long>> shapes(String list) {
    try {
      return Files.readAllLines(FOLDER.resolve(list + ".txt")).stream()
          .map(line -> line.split(" "))
          .collect(
              Collectors.toMap(
                  line -> line[0],
                  line -> Arrays.stream(line[1].split("x")).map(Long::valueOf).toList(),
                  (a, b) -> a,
                  TreeMap::new));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

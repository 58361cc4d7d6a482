package farm.darkroom.submitter.farm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FarmOptionsTest {
  @TempDir Path folder;

  @Test
  void flagsBeatVariablesBeatTheFile() throws IOException {
    Path file = write("DARKROOM_KAFKA=file:1\nDARKROOM_QUEUE='posters'\n# note\n");
    Map<String, String> environment =
        Map.of("DARKROOM_FARM", file.toString(), "DARKROOM_KAFKA", "variable:2");
    assertThat(farm(environment).kafka().bootstrap()).isEqualTo("variable:2");
    assertThat(farm(environment).queue()).isEqualTo("posters");
    assertThat(farm(environment, "--kafka", "flag:3").kafka().bootstrap()).isEqualTo("flag:3");
  }

  @Test
  void anEmptyVariableHidesNothingOfTheFile() throws IOException {
    Path file =
        write("DARKROOM_KAFKA=file:1\nDARKROOM_QUEUE=posters\nDARKROOM_S3_BUCKET=pictures\n");
    Map<String, String> environment =
        Map.of(
            "DARKROOM_FARM", file.toString(),
            "DARKROOM_KAFKA", "",
            "DARKROOM_QUEUE", " ",
            "DARKROOM_S3_BUCKET", "");
    assertThat(farm(environment).kafka().bootstrap()).isEqualTo("file:1");
    assertThat(farm(environment).queue()).isEqualTo("posters");
    assertThat(farm(environment).s3().bucket()).isEqualTo("pictures");
  }

  @Test
  void explicitFileBeatsVariables() throws IOException {
    Path file = write("export DARKROOM_KAFKA=file:1\n");
    assertThat(farm(Map.of("DARKROOM_KAFKA", "variable:2"), "--farm", file.toString()).kafka())
        .satisfies(kafka -> assertThat(kafka.bootstrap()).isEqualTo("file:1"));
  }

  @Test
  void malformedFileIsRefused() throws IOException {
    Path file = write("DARKROOM_KAFKA file:1\n");
    assertThatThrownBy(() -> farm(Map.of(), "--farm", file.toString()))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("farm.env, line 1");
    assertThatThrownBy(() -> farm(Map.of(), "--farm", folder.resolve("none").toString()))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("none cannot be read: there is no ");
    assertThatThrownBy(() -> farm(Map.of(), "--farm", folder.toString()))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining(
            "it is a folder, allowed: a file such as " + folder.resolve("farm.env"));
  }

  @Test
  void aNameInTheFileThatNothingReadsIsSaid() throws IOException {
    Path file =
        write("PATH=/bin\nDARKROOM_KAFKA=file:1\nexport DARKROOM_S3_BUKCET=a\nDARKROOM_COLOUR=b\n");
    List<String> warnings = new ArrayList<>();
    farm(Map.of(), warnings::add, "--farm", file.toString());
    assertThat(warnings)
        .containsExactly(
            file + ", line 3: nothing reads DARKROOM_S3_BUKCET; did you mean DARKROOM_S3_BUCKET?",
            file + ", line 4: nothing reads DARKROOM_COLOUR");
  }

  @Test
  void missingFarmSaysHowToNameOne() {
    assertThat(where(Map.of(), "--queue", "posters"))
        .startsWith("nothing names a farm")
        .contains("no darkroom-data/farm.env here")
        .endsWith("--farm FILE; ");
    assertThat(where(Map.of("DARKROOM_KAFKA", "variable:2"))).isEmpty();
    assertThat(where(Map.of("DARKROOM_FARM", "farm.env"))).isEmpty();
    assertThat(where(Map.of(), "--kafka", "flag:3")).isEmpty();
    assertThat(where(Map.of(), "--farm", "farm.env")).isEmpty();
  }

  private static String where(Map<String, String> environment, String... typed) {
    return CommandLine.populateCommand(new FarmOptions(), typed).farmHint(environment);
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("farm.env"), text);
  }

  private static Farm farm(Map<String, String> environment, String... typed) {
    return farm(environment, warning -> {}, typed);
  }

  private static Farm farm(
      Map<String, String> environment, Consumer<String> warn, String... typed) {
    return CommandLine.populateCommand(new FarmOptions(), typed).farm(environment, warn);
  }
}

package farm.darkroom.infra;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.infra.jvm.QuickJava;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The program itself, as a process. */
class DarkroomTest {

  /** Keys, ports and JSON are made of numbers; in some places of the world they have own digits. */
  @Test
  void numbersHaveTheSameDigitsEverywhere() throws Exception {
    String said = said("submit", "--dry-run", "--prompt", "a red cube", "--height", "100");
    assertThat(said).contains("100").doesNotContainPattern("[\\u0660-\\u0669]");
  }

  private static String said(String... typed) throws IOException, InterruptedException {
    List<String> command =
        QuickJava.command(
            List.of("-XX:TieredStopAtLevel=1", "-Duser.language=ar", "-Duser.country=EG"));
    command.add(Darkroom.class.getName());
    command.addAll(List.of(typed));
    Process darkroom = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = darkroom.inputReader().lines().collect(Collectors.joining("\n"));
    assertThat(darkroom.waitFor()).as(said).isEqualTo(2);
    return said;
  }
}

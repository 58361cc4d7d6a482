package farm.darkroom.infra.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class PortOptionTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:9466/",
    "farm.example.org, http://farm.example.org:9466/",
    "::1, http://[::1]:9466/",
    "[::1], http://[::1]:9466/"
  })
  void aBrowserReadsTheAddressThatIsSaid(String host, String url) {
    PortOption served = new PortOption();
    StringWriter said = new StringWriter();
    CommandLine command = new CommandLine(served).setOut(new PrintWriter(said));
    command.parseArgs("--host", host);
    served.say(command.getCommandSpec(), "dashboard", 9466, "/");
    assertThat(said.toString().strip()).isEqualTo("dashboard at " + url);
  }
}

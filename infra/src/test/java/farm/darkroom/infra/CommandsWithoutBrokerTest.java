package farm.darkroom.infra;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people read when no broker is there, which each command waits for. */
@Execution(ExecutionMode.CONCURRENT)
class CommandsWithoutBrokerTest {
  private static final String NOBODY = " --kafka 127.0.0.1:1 --s3-endpoint http://127.0.0.1:1";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "submit --prompt cube",
        "status",
        "watch",
        "cancel night",
        "audit",
        "queues",
        "workers",
        "dead list",
        "dead show x",
        "dead redrive --all",
        "dead purge"
      })
  void saysSoInOneLine(String typed) {
    Typed answer = Typed.run((typed + NOBODY).split(" "));
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).hasLineCount(1).contains("no broker answers at this address");
  }
}

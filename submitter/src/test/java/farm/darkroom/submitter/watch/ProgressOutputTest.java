package farm.darkroom.submitter.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressOutputTest {
  private final StringWriter written = new StringWriter();
  private final PrintWriter out = new PrintWriter(written);

  /** A terminal of 40 columns would keep a piece of each line that is longer. */
  @Test
  void aLineThatChangesIsCutOffAtTheTerminalsEdge() {
    ProgressOutput progress = new ProgressOutput(out, true);
    progress.show("[###---] 1/2, ETA 00:01", Duration.ZERO);
    progress.end("[######] 2/2, in 00:02");
    assertThat(written.toString())
        .isEqualToNormalizingNewlines(
            "\r\u001b[K\u001b[?7l[###---] 1/2, ETA 00:01\u001b[?7h"
                + "\r\u001b[K[######] 2/2, in 00:02\n");
  }

  @Test
  void elsewhereALineComesNowAndThenAndIsPlain() {
    ProgressOutput progress = new ProgressOutput(out, false);
    progress.show("0/2", Duration.ZERO);
    progress.show("1/2", Duration.ofSeconds(1));
    progress.end("2/2");
    assertThat(written.toString()).isEqualToNormalizingNewlines("0/2\n2/2\n");
  }
}

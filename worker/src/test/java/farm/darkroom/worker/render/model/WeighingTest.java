package farm.darkroom.worker.render.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeighingTest {
  @TempDir private Path folder;
  private final FailingFiles disk = new FailingFiles();
  private final Weighing weighing = new Weighing(new WeightHashes(disk));
  private Path one;
  private Path two;
  private Path three;

  @BeforeEach
  void write() throws IOException {
    Path real = folder.toRealPath();
    one = Files.writeString(real.resolve("one"), "1");
    two = Files.writeString(real.resolve("two"), "2");
    three = Files.writeString(real.resolve("three"), "3");
  }

  @Test
  void aFileThatCannotBeReadIsTheMachinesFaultInOneLine() {
    disk.unreadable(two);
    Weighed weighed = weighing.of(List.of(word(one), word(two), word(three)));
    weighed.begin();
    assertThatThrownBy(weighed::files)
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT))
        .hasMessage(two + ": cannot be read: Input/output error");
    assertThat(weighed.failed()).isTrue();
    assertThat(disk.open).isEmpty();
  }

  @Test
  void noneStaysOpenWhereOneCannotBeOpened() {
    disk.unopenable(three);
    assertThatThrownBy(() -> weighing.of(List.of(word(one), word(two), word(three))))
        .hasMessage(three + ": cannot be read: Too many open files");
    assertThat(disk.opened).containsExactly(one, two);
    assertThat(disk.open).isEmpty();
  }

  @Test
  void whatIsClosedBeforeItWasBegunIsNotOpenAnyMore() {
    Weighed weighed = weighing.of(List.of(word(one), word(two)));
    assertThat(disk.open).containsExactly(one, two);
    weighed.close();
    assertThat(disk.open).isEmpty();
  }

  private static OwnEmbedding word(Path file) {
    return new OwnEmbedding(
        new OwnFile(file.getFileName().toString(), file, false), file.getFileName().toString());
  }
}

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

class WeightPinningTest {
  @TempDir private Path folder;
  private final FailingFiles disk = new FailingFiles();
  private final WeightPinning pinning = new WeightPinning(new WeightHashes(disk));
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
    PinnedWeights pinned = pinning.of(List.of(word(one), word(two), word(three)));
    pinned.begin();
    assertThatThrownBy(pinned::files)
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT))
        .hasMessage(two + ": cannot be read: Input/output error");
    assertThat(pinned.failed()).isTrue();
    assertThat(disk.open).isEmpty();
  }

  @Test
  void noneStaysOpenWhereOneCannotBeOpened() {
    disk.unopenable(three);
    assertThatThrownBy(() -> pinning.of(List.of(word(one), word(two), word(three))))
        .hasMessage(three + ": cannot be read: Too many open files");
    assertThat(disk.opened).containsExactly(one, two);
    assertThat(disk.open).isEmpty();
  }

  @Test
  void whatIsClosedBeforeItWasBegunIsNotOpenAnyMore() {
    PinnedWeights pinned = pinning.of(List.of(word(one), word(two)));
    assertThat(disk.open).containsExactly(one, two);
    pinned.close();
    assertThat(disk.open).isEmpty();
  }

  private static AddedEmbedding word(Path file) {
    return new AddedEmbedding(
        new AddedFile(file.getFileName().toString(), file, false), file.getFileName().toString());
  }
}

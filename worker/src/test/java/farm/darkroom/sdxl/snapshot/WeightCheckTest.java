package farm.darkroom.sdxl.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightCheckTest {
  private static final List<WeightGroup> GROUPS =
      List.of(WeightGroup.of("x").linearNoBias("a", 2, 3).build());

  @TempDir Path folder;

  @Test
  void wholeNumbersAreNoWeights() throws IOException {
    assertThat(WeightCheck.faults(checkpoint("F32"), GROUPS)).isEmpty();
    Checkpoint ids = checkpoint("I32");
    assertThatThrownBy(() -> WeightCheck.check(ids, GROUPS))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("x.safetensors): x.a.weight is I32, expected F32, F16, BF16 or F8");
  }

  private Checkpoint checkpoint(String dtype) throws IOException {
    String header =
        "{\"x.a.weight\": {\"dtype\": \"%s\", \"shape\": [3, 2], \"data_offsets\": [0, 24]}}"
            .formatted(dtype);
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length() + 24).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
    Path file = Files.write(folder.resolve("x.safetensors"), bytes.array());
    return Checkpoint.open("part", List.of(file));
  }
}

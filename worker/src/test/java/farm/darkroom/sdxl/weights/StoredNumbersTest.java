package farm.darkroom.sdxl.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredNumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0x3c00, 1",
    "0xc000, -2",
    "0x7bff, 65504",
    "0x0001, 5.960464477539063e-8",
    "0x0000, 0",
    "0x7c00, Infinity",
    "0xfc00, -Infinity",
    "0x7e00, NaN",
    "0xfc01, NaN",
  })
  void halvesAreThoseOfIeee754(String bits, double number) {
    ByteBuffer bytes = ByteBuffer.allocate(Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort(0, Integer.decode(bits).shortValue());
    StoredTensor half = new StoredTensor("half", StoredType.F16, List.of(), 0, Short.BYTES);
    assertThat(StoredNumbers.first(half, bytes)).isEqualTo(Double.valueOf(number));
  }
}

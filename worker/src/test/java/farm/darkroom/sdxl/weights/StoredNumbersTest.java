package farm.darkroom.sdxl.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredNumbersTest {
  /** As PyTorch reads them. */
  @ParameterizedTest
  @CsvSource({
    "F8_E4M3, 0x00, 0",
    "F8_E4M3, 0x01, 0.001953125",
    "F8_E4M3, 0x07, 0.013671875",
    "F8_E4M3, 0x38, 1",
    "F8_E4M3, 0xba, -1.25",
    "F8_E4M3, 0x7e, 448",
    "F8_E4M3, 0x7f, NaN",
    "F8_E4M3, 0xff, NaN",
    "F8_E5M2, 0x01, 1.52587890625e-5",
    "F8_E5M2, 0x3c, 1",
    "F8_E5M2, 0xbd, -1.25",
    "F8_E5M2, 0x7b, 57344",
    "F8_E5M2, 0x7c, Infinity",
    "F8_E5M2, 0xfc, -Infinity",
    "F8_E5M2, 0x7d, NaN",
  })
  void floatsOfEightBitsAreThoseOfPyTorch(StoredType type, String bits, double number) {
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {Integer.decode(bits).byteValue()});
    StoredTensor eight = new StoredTensor("eight", type, List.of(), 0, 1);
    assertThat(StoredNumbers.first(eight, bytes)).isEqualTo(Double.valueOf(number));
  }

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

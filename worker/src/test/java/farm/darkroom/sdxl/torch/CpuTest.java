package farm.darkroom.sdxl.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuTest {

  @ParameterizedTest
  @CsvSource({
    "flags\t\t: fpu sse2 avx2 fma, FLOAT32",
    "flags\t\t: fpu avx2 avx512f avx512_bf16 avx512_vnni, BFLOAT16",
    "flags\t\t: fpu avx2 amx_bf16 amx_tile, BFLOAT16",
    "flags\t\t: fpu avx512_bf16x, FLOAT32",
    "Features\t: fp asimd bf16, FLOAT32"
  })
  void bfloat16WhereTheHardwareHasIt(String line, Dtype expected) {
    assertThat(Cpu.of(List.of("processor\t: 0", line, "bugs\t\t: amx_bf16")).fastest())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"avx2, 63", "avx512f, 63", "avx_vnni, 127", "avx512_vnni, 127", "amx_int8, 127"})
  void int8WeightsLeaveRoomForSumsOf16Bits(String flag, int levels) {
    assertThat(new Cpu(Set.of("sse2", flag)).int8Levels()).isEqualTo(levels);
  }

  @ParameterizedTest
  @CsvSource({"avx2, false", "avx2 avx512f, true", "asimd, true"})
  void packedWeightsPayWhereVectorsAreWide(String flags, boolean expected) {
    assertThat(new Cpu(Set.of(flags.split(" "))).gainsByPacking()).isEqualTo(expected);
  }
}

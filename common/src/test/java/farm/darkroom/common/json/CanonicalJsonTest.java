package farm.darkroom.common.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {

  /** RFC 8785, appendix B, and powers of two, whose neighbours are not evenly spaced. */
  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 0",
    "8000000000000000, 0",
    "0000000000000001, 5e-324",
    "8000000000000001, -5e-324",
    "7fefffffffffffff, 1.7976931348623157e+308",
    "4340000000000000, 9007199254740992",
    "c340000000000000, -9007199254740992",
    "4430000000000000, 295147905179352830000",
    "44b52d02c7e14af5, 9.999999999999997e+22",
    "44b52d02c7e14af6, 1e+23",
    "44b52d02c7e14af7, 1.0000000000000001e+23",
    "444b1ae4d6e2ef4e, 999999999999999700000",
    "444b1ae4d6e2ef4f, 999999999999999900000",
    "444b1ae4d6e2ef50, 1e+21",
    "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d, 0.000001",
    "41b3de4355555553, 333333333.3333332",
    "41b3de4355555554, 333333333.33333325",
    "41b3de4355555555, 333333333.3333333",
    "41b3de4355555556, 333333333.3333334",
    "41b3de4355555557, 333333333.33333343",
    "becbf647612f3696, -0.0000033333333333333333",
    "43143ff3c1cb0959, 1424953923781206.2",
    "3d30000000000000, 5.684341886080802e-14"
  })
  void numbersAreThoseOfTheRfc(String bits, String expected) {
    double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
    assertThat(CanonicalJson.number(value)).isEqualTo(expected);
  }

  @Property
  void everyNumberReadsBackAsItself(@ForAll long bits) {
    double value = Double.longBitsToDouble(bits);
    if (Double.isFinite(value) && value != 0) {
      assertThat(Double.parseDouble(CanonicalJson.number(value))).isEqualTo(value);
    }
  }

  @Property
  void noNumberIsLongerThanJavas(@ForAll double value) {
    assertThat(digits(CanonicalJson.number(value)))
        .isLessThanOrEqualTo(digits(Double.toString(value)));
  }

  @Test
  void keysAreSortedByUtf16AndSpacesGo() {
    assertThat(
            CanonicalJson.text(
                Json.parse(
                    "{ \"\u20ac\": 1, \"\\ud83d\\ude00\": 2, \"a\" : [1.0, 5e0], \"B\":null }")))
        .isEqualTo("{\"B\":null,\"a\":[1,5],\"\u20ac\":1,\"\ud83d\ude00\":2}");
  }

  @Test
  void textIsEscapedAsLittleAsPossible() {
    assertThat(CanonicalJson.text(Json.parse("\"\\u0001\\b\\n\\u002f\\\"\\\\\\u00e9\\u007f\"")))
        .isEqualTo("\"\\u0001\\b\\n/\\\"\\\\\u00e9\u007f\"");
  }

  @Test
  void wholeNumbersKeepAllTheirDigits() {
    assertThat(CanonicalJson.text(Json.parse("9223372036854775807")))
        .isEqualTo("9223372036854775807");
  }

  @Test
  void thereIsNoNumberForInfinity() {
    assertThatThrownBy(() -> CanonicalJson.number(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static int digits(String number) {
    String mantissa = number.replaceAll("[eE].*", "").replaceAll("[-.]", "");
    return mantissa.replaceAll("^0+", "").replaceAll("0+$", "").length();
  }
}

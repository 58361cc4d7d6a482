package farm.darkroom.sdxl.weights;

/** Floats of eight bits: sign, exponent and mantissa (Micikevicius et al., arXiv 2209.05433). */
final class Float8 {
  private static final float[] E4M3 = new float[1 << Byte.SIZE];
  private static final float[] E5M2 = new float[1 << Byte.SIZE];

  static {
    for (int bits = 0; bits < E4M3.length; bits++) {
      E4M3[bits] = bits(bits, 4);
      E5M2[bits] = bits(bits, 5);
    }
    for (int sign = 0; sign <= 0x80; sign += 0x80) {
      // E4M3 gives infinity up for one more binade
      E4M3[sign | 0x7f] = Float.NaN;
      E5M2[sign | 0x7c] = sign == 0 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
      for (int mantissa = 1; mantissa < 4; mantissa++) {
        E5M2[sign | 0x7c | mantissa] = Float.NaN;
      }
    }
  }

  private Float8() {}

  /** The number of a byte with four bits of exponent and no infinity. */
  static float e4m3(byte bits) {
    return E4M3[Byte.toUnsignedInt(bits)];
  }

  /** The number of a byte with five bits of exponent. */
  static float e5m2(byte bits) {
    return E5M2[Byte.toUnsignedInt(bits)];
  }

  private static float bits(int bits, int exponentBits) {
    int mantissaBits = Byte.SIZE - 1 - exponentBits;
    int bias = (1 << (exponentBits - 1)) - 1;
    int exponent = (bits & 0x7f) >> mantissaBits;
    float mantissa = (bits & ((1 << mantissaBits) - 1)) / (float) (1 << mantissaBits);
    float magnitude =
        exponent == 0 ? Math.scalb(mantissa, 1 - bias) : Math.scalb(1 + mantissa, exponent - bias);
    return bits < 0x80 ? magnitude : -magnitude;
  }
}

package farm.darkroom.sdxl.schedulers;

/**
 * The 32-bit Mersenne Twister (Matsumoto and Nishimura, 1998) as PyTorch's CPU generator runs it.
 * Not thread-safe.
 */
final class Mt19937 {
  private static final int N = 624;
  private static final int M = 397;
  private static final int UPPER = 0x80000000;
  private static final int LOWER = 0x7fffffff;

  private final int[] state = new int[N];
  private int next = N;

  /** As at::mt19937: of a 64-bit seed only the low half counts. */
  Mt19937(long seed) {
    state[0] = (int) seed;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /** 32 random bits. */
  int next32() {
    if (next == N) {
      refill();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  /** 64 random bits, the first word drawn being the upper one. */
  long next64() {
    long upper = next32() & 0xffffffffL;
    return upper << 32 | (next32() & 0xffffffffL);
  }

  private void refill() {
    for (int i = 0; i < N; i++) {
      int y = (state[i] & UPPER) | (state[(i + 1) % N] & LOWER);
      state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
    }
    next = 0;
  }
}

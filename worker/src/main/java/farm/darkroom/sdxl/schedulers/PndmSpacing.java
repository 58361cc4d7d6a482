package farm.darkroom.sdxl.schedulers;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** What PNDM makes of evenly spaced timesteps, which come and go from noisy to clean. */
final class PndmSpacing {
  private static final int PARTS = 4;

  private PndmSpacing() {}

  /** t0, t1, t1, t2, ...: multistep needs the second one twice to get started. */
  static double[] secondTwice(double[] spaced) {
    if (spaced.length < 2) {
      return spaced.clone();
    }
    return DoubleStream.concat(Arrays.stream(spaced, 0, 2), Arrays.stream(spaced, 1, spaced.length))
        .toArray();
  }

  /**
   * Three Runge-Kutta steps, t0, h0, h0, t1, t1, h1, h1, t2, t2, h2, h2, t3 with h half a stride
   * below, then the multistep part t3, t4, ...
   */
  static double[] rungeKutta(double[] spaced, int half) {
    double[] timesteps = new double[3 * PARTS + spaced.length - 3];
    for (int step = 0; step < 3; step++) {
      timesteps[PARTS * step] = spaced[step];
      timesteps[PARTS * step + 1] = spaced[step + 1] + half;
      timesteps[PARTS * step + 2] = spaced[step + 1] + half;
      timesteps[PARTS * step + 3] = spaced[step + 1];
    }
    System.arraycopy(spaced, 3, timesteps, 3 * PARTS, spaced.length - 3);
    return timesteps;
  }
}

package farm.darkroom.sdxl.schedulers;

/**
 * Float32 square roots. PyTorch takes them from MKL, which on some CPUs rounds a fifth of them the
 * other way, and a table that differs in its last bits can place a sigma on another whole timestep.
 */
interface SquareRoots {
  /** A new array with the root of each value. */
  float[] of(float[] values);
}

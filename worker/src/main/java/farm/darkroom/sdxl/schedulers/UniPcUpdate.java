package farm.darkroom.sdxl.schedulers;

import java.util.Arrays;

/**
 * The coefficients of one UniPC update (Zhao et al., arXiv 2302.04867, equations 3 and 8).
 *
 * @param sample of the sample at the start
 * @param newest of the model output at the start
 * @param scale of the weighted differences: minus alpha (or sigma) times B(h)
 * @param ratios where earlier outputs lie, in steps from the start
 * @param rows the matrix R, powers of the ratios and of one
 * @param right the vector b
 */
@SuppressWarnings("ArrayRecordComponent") // numbers are handed over, never compared
record UniPcUpdate(
    double sample, double newest, double scale, double[] ratios, double[][] rows, double[] right) {

  /**
   * @param points where the step goes, where it starts, where those before started
   * @param clean whether outputs are clean images, else noise
   * @param bh1 whether B(h) is h, else exp(h) - 1
   */
  static UniPcUpdate of(SolverPoint[] points, boolean clean, boolean bh1) {
    SolverPoint to = points[0];
    SolverPoint from = points[1];
    int order = points.length - 1;
    double h = to.lambda() - from.lambda();
    double signed = clean ? -h : h;
    double growth = Math.expm1(signed);
    double size = bh1 ? signed : growth;
    double weight = clean ? to.alpha() : to.sigma();
    double kept = clean ? to.sigma() / from.sigma() : to.alpha() / from.alpha();
    double[] ratios = new double[order - 1];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = (points[i + 2].lambda() - from.lambda()) / h;
    }
    return new UniPcUpdate(
        kept,
        -weight * growth,
        -weight * size,
        ratios,
        rows(ratios, order),
        right(signed, growth, size, order));
  }

  private static double[][] rows(double[] ratios, int order) {
    double[][] rows = new double[order][order];
    for (int i = 0; i < order; i++) {
      for (int j = 0; j < order; j++) {
        rows[i][j] = j < ratios.length ? Math.pow(ratios[j], i) : 1;
      }
    }
    return rows;
  }

  private static double[] right(double h, double growth, double size, int order) {
    double[] right = new double[order];
    double phi = growth / h - 1;
    double factorial = 1;
    for (int i = 0; i < order; i++) {
      right[i] = phi * factorial / size;
      factorial *= i + 2;
      phi = phi / h - 1 / factorial;
    }
    return right;
  }

  /** Weights of the differences to earlier outputs; of order 2 it is one half by definition. */
  double[] predictor() {
    int order = right.length;
    if (order <= 2) {
      return order == 1 ? new double[0] : new double[] {0.5};
    }
    return solve(order - 1);
  }

  /** Weights of the differences to earlier outputs and, last, to the output at the end. */
  double[] corrector() {
    return right.length == 1 ? new double[] {0.5} : solve(right.length);
  }

  /** Gauss' elimination with pivots on the leading n rows and columns. */
  private double[] solve(int n) {
    double[][] system = new double[n][];
    for (int i = 0; i < n; i++) {
      system[i] = Arrays.copyOf(rows[i], n + 1);
      system[i][n] = right[i];
    }
    for (int column = 0; column < n; column++) {
      pivot(system, column);
      for (int row = 0; row < n; row++) {
        if (row != column) {
          subtract(system[row], system[column], column);
        }
      }
    }
    double[] solution = new double[n];
    for (int i = 0; i < n; i++) {
      solution[i] = system[i][n] / system[i][i];
    }
    return solution;
  }

  private static void pivot(double[][] system, int column) {
    int best = column;
    for (int row = column + 1; row < system.length; row++) {
      if (Math.abs(system[row][column]) > Math.abs(system[best][column])) {
        best = row;
      }
    }
    double[] swapped = system[column];
    system[column] = system[best];
    system[best] = swapped;
  }

  private static void subtract(double[] row, double[] pivot, int column) {
    double factor = row[column] / pivot[column];
    for (int i = column; i < row.length; i++) {
      row[i] -= factor * pivot[i];
    }
  }
}

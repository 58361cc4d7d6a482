package farm.darkroom.common;

/** A count with its noun in the singular or plural: {@code 1 job}, {@code 2 jobs}. */
public final class Counted {
  private Counted() {}

  public static String of(long count, String one) {
    return count + " " + one + (count == 1 ? "" : "s");
  }
}

package farm.darkroom.common;

/** How many of something, for people: {@code 1 job}, {@code 2 jobs}. */
public final class Counted {
  private Counted() {}

  public static String of(long count, String one) {
    return count + " " + one + (count == 1 ? "" : "s");
  }
}

package farm.darkroom.common;

/** Whether this process talks to a person at a terminal. */
public final class Terminal {
  private Terminal() {}

  /**
   * Whether both ends of this process are a terminal. From JDK 22 on that is seen only with {@code
   * -Djdk.console=java.base}, as the launcher has it: any other console is never null.
   */
  @SuppressWarnings("SystemConsoleNull") // see above
  public static boolean isThere() {
    return System.console() != null;
  }
}

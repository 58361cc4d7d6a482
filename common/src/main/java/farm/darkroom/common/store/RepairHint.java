package farm.darkroom.common.store;

/** Tells a user how to recover from a damaged object in the store. */
public final class RepairHint {
  private RepairHint() {}

  /** The last part of an error line that names the object. */
  public static String of(String key) {
    return StoreKeys.jobOf(key)
        .map("'submit --force --job %s' renders anew"::formatted)
        .orElse("delete it, and submit again");
  }
}

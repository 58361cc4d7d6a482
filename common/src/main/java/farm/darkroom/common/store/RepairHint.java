package farm.darkroom.common.store;

/** What a user does about an object that is damaged in the store. */
public final class RepairHint {
  private RepairHint() {}

  /** The end of the line that names the object. */
  public static String of(String key) {
    return StoreKeys.jobOf(key)
        .map("'submit --force --job %s' renders anew"::formatted)
        .orElse("delete it, and submit again");
  }
}

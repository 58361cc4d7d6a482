package farm.darkroom.worker.command;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Lets the commands of a test find the demo models of this checkout, as the launcher does. */
final class AtHome implements BeforeEachCallback, AfterEachCallback {
  private static final String HOME = "darkroom.home";

  @Override
  public void beforeEach(ExtensionContext context) {
    System.setProperty(HOME, "..");
  }

  @Override
  public void afterEach(ExtensionContext context) {
    System.clearProperty(HOME);
  }
}

package farm.darkroom.infra.dashboard;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.Resources;
import farm.darkroom.common.page.Page;
import farm.darkroom.common.store.StoreKeys;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /}, the page; {@code /now}, what changes of it; {@code /jobs/ID/0.png}, a picture as it
 * lies in the store; {@code /previews/ID.png}, what will be one.
 */
final class DashboardPages {
  private static final long LARGEST_PICTURE = 64L << 20;
  private static final Pattern PICTURE =
      Pattern.compile(
          "/(jobs/[A-Za-z0-9][A-Za-z0-9._-]{0,127}/[0-9]{1,4}\\.png"
              + "|previews/[A-Za-z0-9][A-Za-z0-9._-]{0,127}\\.png)");

  private static final String SCRIPT = Resources.text(DashboardPages.class, "page.js");

  private final FarmMonitor farm;

  DashboardPages(FarmMonitor farm) {
    this.farm = farm;
  }

  /** The page at this path. */
  Page page(String path) {
    return switch (path) {
      case "/healthz" -> Page.line("up");
      case "/" -> Page.html(DashboardPage.whole(now()));
      case "/now" -> Page.html(now());
      case "/page.js" -> Page.script(SCRIPT);
      default -> picture(PICTURE.matcher(path));
    };
  }

  private String now() {
    try {
      return DashboardPage.now(farm.view());
    } catch (FarmException e) {
      return DashboardPage.away(e.getMessage());
    }
  }

  private Page picture(Matcher path) {
    if (!path.matches()) {
      return Page.notFound("/ or /jobs/ID/0.png");
    }
    try {
      Optional<byte[]> png = farm.object(path.group(1), LARGEST_PICTURE);
      boolean passes = path.group(1).startsWith(StoreKeys.PREVIEWS);
      return png.map(passes ? Page::passingPng : Page::png)
          .orElseGet(() -> Page.notFound("there is no such picture"));
    } catch (FarmException e) {
      return e.kind() == FailureKind.INVALID_JOB
          ? Page.notFound(e.getMessage())
          : Page.unavailable(e.getMessage());
    }
  }
}

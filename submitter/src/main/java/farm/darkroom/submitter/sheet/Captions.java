package farm.darkroom.submitter.sheet;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.RenderingHints;
import java.util.Optional;

/**
 * Draws captions under the pictures. Small containers may have no fonts at all; the captions are
 * then left out.
 */
final class Captions {
  private static final int SIZE = 12;

  private final Font font;

  private Captions(Font font) {
    this.font = font;
  }

  /** Empty where this machine cannot draw text. */
  static Optional<Captions> ofThisMachine() {
    try {
      boolean any =
          GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length
              > 0;
      return any
          ? Optional.of(new Captions(new Font(Font.SANS_SERIF, Font.PLAIN, SIZE)))
          : Optional.empty();
    } catch (RuntimeException | LinkageError | InternalError e) {
      // Without fontconfig or libfreetype the JDK answers with any of these.
      return Optional.empty();
    }
  }

  /** Room for the caption and the detail. */
  int height() {
    return 3 * SIZE + 4;
  }

  void draw(Graphics2D canvas, Tile tile, int x, int y, int width) {
    canvas.setFont(font);
    canvas.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    canvas.setColor(new Color(0xdddddd));
    canvas.drawString(fit(tile.caption(), canvas.getFontMetrics(), width), x, y + SIZE + 2);
    canvas.setColor(new Color(0x999999));
    String seed = "seed " + tile.seed();
    canvas.drawString(fit(seed, canvas.getFontMetrics(), width), x, y + 2 * SIZE + 6);
  }

  static String fit(String text, FontMetrics metrics, int width) {
    String line = text.replaceAll("\\s+", " ").strip();
    if (metrics.stringWidth(line) <= width) {
      return line;
    }
    int end = Math.min(line.length(), width);
    while (end > 0 && metrics.stringWidth(line.substring(0, end) + "\u2026") > width) {
      end = line.offsetByCodePoints(end, -1);
    }
    return line.substring(0, end).strip() + "\u2026";
  }
}

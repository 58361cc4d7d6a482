package farm.darkroom.submitter.sheet;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * All tiles in one picture, about as wide as high and at most about 4096 pixels wide. Small
 * pictures are enlarged by whole numbers.
 */
final class SheetPicture {
  private static final int WIDEST = 4096;
  private static final int LARGEST_CELL = 256;
  private static final int SMALLEST_CELL = 32;
  private static final int NARROWEST_CAPTION = 96;
  private static final int GAP = 8;
  private static final Color PAPER = new Color(0x161616);

  private final List<Tile> tiles;
  private final Optional<Captions> captions;
  private final int columns;
  private final int cell;
  private final int rowHeight;

  SheetPicture(List<Tile> tiles, Optional<Captions> captions) {
    this.tiles = tiles;
    this.columns = Math.max(1, (int) Math.ceil(Math.sqrt(tiles.size())));
    this.cell = Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, WIDEST / columns - GAP));
    this.captions = captions.filter(c -> cell >= NARROWEST_CAPTION);
    this.rowHeight = cell + GAP + this.captions.map(Captions::height).orElse(0);
  }

  BufferedImage draw() throws IOException {
    int rows = Math.max(1, (tiles.size() + columns - 1) / columns);
    BufferedImage sheet =
        new BufferedImage(
            GAP + columns * (cell + GAP), GAP + rows * rowHeight, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = sheet.createGraphics();
    try {
      canvas.setColor(PAPER);
      canvas.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
      for (int i = 0; i < tiles.size(); i++) {
        draw(canvas, tiles.get(i), GAP + i % columns * (cell + GAP), GAP + i / columns * rowHeight);
      }
    } finally {
      canvas.dispose();
    }
    return sheet;
  }

  private void draw(Graphics2D canvas, Tile tile, int x, int y) throws IOException {
    BufferedImage small = new Thumbnail(cell).of(tile.file());
    int times = cell / Math.max(small.getWidth(), small.getHeight());
    int width = times * small.getWidth();
    int height = times * small.getHeight();
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    canvas.drawImage(small, x + (cell - width) / 2, y + (cell - height) / 2, width, height, null);
    captions.ifPresent(words -> words.draw(canvas, tile, x, y + cell, cell));
  }
}

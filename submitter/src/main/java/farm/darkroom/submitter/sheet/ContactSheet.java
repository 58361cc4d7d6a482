package farm.darkroom.submitter.sheet;

import static java.nio.charset.StandardCharsets.UTF_8;

import farm.darkroom.common.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes {@code index.html} (self-contained but for the links to the full pictures) and {@code
 * contact-sheet.png}. Needs no display, and no fonts: without any, the PNG has no captions.
 */
public final class ContactSheet {
  public static final String PAGE = "index.html";
  public static final String PICTURE = "contact-sheet.png";

  private ContactSheet() {}

  /**
   * Writes the page and the picture.
   *
   * @param folder where both go; tiles are linked relative to it
   * @throws IOException when a tile's file is no picture, or the folder cannot be written
   */
  public static void write(Path folder, String title, List<Tile> tiles) throws IOException {
    byte[] page = SheetPage.of(folder, title, tiles).getBytes(UTF_8);
    byte[] picture = Thumbnail.png(new SheetPicture(tiles, Captions.ofThisMachine()).draw());
    AtomicFile.write(folder.resolve(PICTURE), picture);
    AtomicFile.write(folder.resolve(PAGE), page);
  }
}

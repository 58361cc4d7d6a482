package farm.darkroom.submitter.sheet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContactSheetTest {
  private static final Color PAPER = new Color(0x161616);
  @TempDir Path folder;

  @BeforeAll
  static void needNoDisplay() {
    System.setProperty("java.awt.headless", "true");
  }

  @Test
  void pageHoldsCaptionsSeedsLinksAndThumbnails() throws IOException {
    Tile red = tile("a/red cube#1.png", Color.RED, 640, 320, "a red cube");
    ContactSheet.write(folder, "demo", List.of(red));
    String page = Files.readString(folder.resolve("index.html"));
    assertThat(page)
        .contains("<title>demo</title>", "a red cube", "seed 7", "3 steps")
        .contains("href=\"./a/red%20cube%231.png\"");
    BufferedImage thumbnail = embedded(page);
    assertThat(thumbnail.getWidth()).isEqualTo(320);
    assertThat(thumbnail.getHeight()).isEqualTo(160);
    assertThat(new Color(thumbnail.getRGB(100, 100))).isEqualTo(Color.RED);
  }

  @Test
  void wordsNeverBecomeMarkup() throws IOException {
    Tile evil =
        new Tile(
            picture("x\"><b>.png", Color.RED, 8, 8), "<script>alert('1')</script> & \"", 1, "<i>");
    ContactSheet.write(folder, "</title><script>", List.of(evil));
    String page = Files.readString(folder.resolve("index.html"));
    assertThat(page)
        .doesNotContain("<script>", "<i>", "<b>")
        .contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;")
        .contains("href=\"./x%22%3E%3Cb%3E.png\"");
  }

  @Test
  void sheetShowsEveryTileInItsPlace() throws IOException {
    List<Tile> tiles = new ArrayList<>();
    List<Color> colours = List.of(Color.RED, Color.GREEN, Color.BLUE, Color.WHITE, Color.ORANGE);
    for (Color colour : colours) {
      tiles.add(tile(colour.getRGB() + ".png", colour, 128, 128, "a cube"));
    }
    BufferedImage sheet = new SheetPicture(tiles, Optional.empty()).draw();
    assertThat(sheet.getWidth()).isEqualTo(8 + 3 * 264);
    assertThat(sheet.getHeight()).isEqualTo(8 + 2 * 264);
    for (int i = 0; i < 5; i++) {
      int rgb = sheet.getRGB(8 + i % 3 * 264 + 128, 8 + i / 3 * 264 + 128);
      assertThat(new Color(rgb)).isEqualTo(colours.get(i));
    }
    assertThat(new Color(sheet.getRGB(8 + 2 * 264 + 128, 8 + 264 + 128))).isEqualTo(PAPER);
  }

  @Test
  void captionsAreDrawnWhereThereAreFonts() throws IOException {
    List<Tile> tiles = List.of(tile("a.png", Color.RED, 64, 64, "a very long prompt ".repeat(20)));
    Optional<Captions> captions = Captions.ofThisMachine();
    BufferedImage sheet = new SheetPicture(tiles, captions).draw();
    assertThat(sheet.getHeight()).isEqualTo(272 + captions.map(Captions::height).orElse(0));
    assertThat(brightPixels(sheet, 264) > 0).isEqualTo(captions.isPresent());
  }

  @Test
  void sheetOfAThousandTilesStaysSmall() throws IOException {
    Tile one = tile("one.png", Color.RED, 16, 16, "a cube");
    BufferedImage sheet = new SheetPicture(Collections.nCopies(1000, one), Optional.empty()).draw();
    assertThat(sheet.getWidth()).isBetween(3900, 4110);
  }

  @Test
  void unreadablePictureIsNamed() throws IOException {
    Path text = Files.writeString(folder.resolve("no.png"), "no picture");
    assertThatThrownBy(
            () -> ContactSheet.write(folder, "demo", List.of(new Tile(text, "a", 1, ""))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no.png");
  }

  private Tile tile(String name, Color colour, int width, int height, String caption)
      throws IOException {
    return new Tile(picture(name, colour, width, height), caption, 7, "3 steps");
  }

  private Path picture(String name, Color colour, int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.setColor(colour);
    canvas.fillRect(0, 0, width, height);
    canvas.dispose();
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, Thumbnail.png(image));
  }

  private static BufferedImage embedded(String page) throws IOException {
    Matcher data = Pattern.compile("base64,([^\"]+)\"").matcher(page);
    assertThat(data.find()).isTrue();
    return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(data.group(1))));
  }

  private static long brightPixels(BufferedImage sheet, int fromRow) {
    long bright = 0;
    for (int y = fromRow; y < sheet.getHeight(); y++) {
      for (int x = 0; x < sheet.getWidth(); x++) {
        bright += (sheet.getRGB(x, y) & 0xff) > 0x60 ? 1 : 0;
      }
    }
    return bright;
  }
}

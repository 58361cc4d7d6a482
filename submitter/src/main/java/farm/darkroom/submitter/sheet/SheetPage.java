package farm.darkroom.submitter.sheet;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;

/** The page: thumbnails are part of it, full pictures are links beside it. */
final class SheetPage {
  private static final int SIDE = 320;
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>%1$s</title>
      <style>
      body { margin: 2rem; background: #161616; color: #ddd; font: 14px/1.4 system-ui, sans-serif }
      main { display: grid; gap: 1.2rem; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)) }
      figure { margin: 0; overflow-wrap: anywhere }
      img { width: 100%%; border-radius: 4px }
      small { color: #999 }
      a { color: inherit }
      </style>
      </head>
      <body>
      <h1>%1$s</h1>
      <main>
      """;
  private static final String TILE =
      """
      <figure>
      <a href="%1$s"><img src="data:image/png;base64,%2$s" alt="%3$s"></a>
      <figcaption>%3$s<br><small>seed %4$d<br>%5$s</small></figcaption>
      </figure>
      """;

  private SheetPage() {}

  static String of(Path folder, String title, List<Tile> tiles) throws IOException {
    StringBuilder page = new StringBuilder(HEAD.formatted(Html.escape(title)));
    for (Tile tile : tiles) {
      page.append(tile(folder, tile));
    }
    return page.append("</main>\n</body>\n</html>\n").toString();
  }

  private static String tile(Path folder, Tile tile) throws IOException {
    byte[] thumbnail = Thumbnail.png(new Thumbnail(SIDE).of(tile.file()));
    return TILE.formatted(
        Html.escape(link(folder, tile.file())),
        Base64.getEncoder().encodeToString(thumbnail),
        Html.escape(tile.caption()),
        tile.seed(),
        Html.escape(tile.detail()));
  }

  static String link(Path folder, Path file) {
    Path relative =
        folder.toAbsolutePath().normalize().relativize(file.toAbsolutePath().normalize());
    StringJoiner segments = new StringJoiner("/", "./", "");
    relative.forEach(segment -> segments.add(segment.toString()));
    try {
      return new URI(null, null, segments.toString(), null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("no link to " + file, e);
    }
  }
}

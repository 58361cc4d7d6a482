package farm.darkroom.submitter.sheet;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * One picture of a contact sheet.
 *
 * @param file the PNG, which exists
 * @param caption what it shows, normally the prompt
 * @param detail one short line, such as {@code 30 steps, guidance 5, 1024 x 1024}
 */
public record Tile(Path file, String caption, long seed, String detail) {

  public Tile {
    requireNonNull(file, "file");
    requireNonNull(caption, "caption");
    requireNonNull(detail, "detail");
  }
}

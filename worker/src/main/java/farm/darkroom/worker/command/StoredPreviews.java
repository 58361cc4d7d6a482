package farm.darkroom.worker.command;

import picocli.CommandLine.Option;

/** Writes previews to the store. */
final class StoredPreviews extends PreviewOptions {
  @Option(
      names = "--previews",
      required = true,
      description =
          "keep a small picture of what is being rendered in the store, for the"
              + " dashboard; it is deleted when the render ends")
  private boolean wanted;

  /** Whether previews were asked for, which any of these flags does. */
  boolean wanted() {
    return wanted;
  }
}

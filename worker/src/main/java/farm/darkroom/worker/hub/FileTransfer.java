package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Downloads one file into the blobs and verifies its checksum. */
final class FileTransfer {
  private final Hub hub;
  private final Listing listing;
  private final Blobs blobs;
  private final DownloadPool fetchers;
  private final PullListener watch;

  FileTransfer(Hub hub, Listing listing, Blobs blobs, DownloadPool fetchers, PullListener watch) {
    this.hub = requireNonNull(hub, "hub");
    this.listing = requireNonNull(listing, "listing");
    this.blobs = requireNonNull(blobs, "blobs");
    this.fetchers = requireNonNull(fetchers, "fetchers");
    this.watch = requireNonNull(watch, "watch");
  }

  /** How much of the file is here, whole or in part. */
  long here(RemoteFile file, long partSize) {
    return blobs.has(file) ? file.size() : parts(file, partSize).bytes();
  }

  private Parts parts(RemoteFile file, long partSize) {
    return Parts.open(blobs.journal(file), blobs.partial(file), file.size(), partSize);
  }

  /**
   * Downloads the file, in parts if it is larger than one part.
   *
   * @throws HubException when it does not come, or is not what the hub says; what came in the first
   *     case stays
   */
  void download(RemoteFile file, long partSize) {
    if (blobs.has(file)) {
      return;
    }
    PartTransfer transfer =
        new PartTransfer(hub, listing.id(), file, hub.location(listing, file), watch);
    Parts parts = parts(file, partSize);
    try (FileChannel channel =
        FileChannel.open(
            blobs.partial(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (file.size() <= partSize) {
        watch.lost(parts.bytes());
        transfer.whole(channel);
      } else {
        ranges(parts, transfer, channel);
      }
      channel.truncate(file.size());
      channel.force(true);
    } catch (IOException e) {
      throw DiskFailure.of(blobs.partial(file), e);
    }
    check(file);
    blobs.keep(file);
  }

  private void ranges(Parts parts, PartTransfer transfer, FileChannel channel) {
    try {
      List<Parts.Part> missing = parts.missing();
      // the first tells whether the server knows ranges, before many ask for them
      for (Parts.Part first : missing.subList(0, Math.min(1, missing.size()))) {
        transfer.part(first, channel);
        parts.done(first);
      }
      fetchers.all(
          missing.stream()
              .skip(1)
              .<Runnable>map(
                  part ->
                      () -> {
                        transfer.part(part, channel);
                        parts.done(part);
                      })
              .toList());
    } catch (PartTransfer.NoRanges e) {
      watch.lost(parts.bytes());
      parts.restart();
      transfer.whole(channel);
    }
  }

  private void check(RemoteFile file) {
    Path partial = blobs.partial(file);
    String found = Checksum.of(file, partial);
    if (!found.equals(file.blob())) {
      blobs.drop(file);
      throw HubException.failed(
          "%s %s: %s %s came, the hub says %s; it was removed, pull again"
              .formatted(
                  listing.id(),
                  file.path(),
                  file.sha256().isPresent() ? "SHA-256" : "git hash",
                  found,
                  file.blob()),
          null);
    }
  }

  /** Where the downloaded file lies. */
  Path path(RemoteFile file) {
    return blobs.path(file);
  }
}

package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Downloads models from the hub. Files that are complete are kept, partial ones are continued. */
public final class Pull {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NAMED = 20;
  private final Hub hub;
  private final HubLimits limits;
  private final PullListener watch;

  public Pull(HubAccess access, HubLimits limits, RetryPause waits, PullListener watch) {
    this.watch = requireNonNull(watch, "watch");
    this.hub = new Hub(access, limits, waits, watch::trouble);
    this.limits = limits;
  }

  /**
   * Pulls into the Hugging Face cache, where Python finds it too.
   *
   * @param variant of weights, such as {@code fp16}
   * @throws HubException in one line
   */
  public PullResult into(HubCache cache, RepositoryId id, Optional<String> variant) {
    Listing listing = hub.listing(id);
    try (Destination place = new CacheDestination(cache, id, true)) {
      return into(place, listing, variant);
    }
  }

  /**
   * Pulls one file into the Hugging Face cache, such as a checkpoint or a LoRA.
   *
   * @param file its path in the repository
   * @throws HubException in one line
   */
  public PullResult file(HubCache cache, RepositoryId id, String file) {
    Listing listing = hub.listing(id);
    try (Destination place = new CacheDestination(cache, id, false)) {
      return file(place, listing, file);
    }
  }

  /**
   * Pulls one file into a folder of models, as {@code ORG/NAME/FILE}.
   *
   * @param file its path in the repository
   * @throws HubException in one line
   */
  public PullResult file(Path models, RepositoryId id, String file) {
    Listing listing = hub.listing(id);
    try (Destination place = new FolderDestination(models, id, false)) {
      return file(place, listing, file);
    }
  }

  private PullResult file(Destination place, Listing listing, String file) {
    PullResult pulled = into(place, listing, transfer -> List.of(named(listing, file)));
    return new PullResult(
        pulled.place().resolve(file), pulled.commit(), 1, pulled.bytes(), pulled.received());
  }

  private static RemoteFile named(Listing listing, String file) {
    return listing
        .find(file)
        .orElseThrow(
            () ->
                HubException.refused(
                    "%s has no file %s; of safetensors it has %s"
                        .formatted(listing.id(), file, safetensors(listing))));
  }

  private static String safetensors(Listing listing) {
    List<String> names =
        listing.files().stream()
            .map(RemoteFile::path)
            .filter(path -> path.endsWith(".safetensors"))
            .toList();
    String some = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    int more = names.size() - NAMED;
    if (names.isEmpty()) {
      return "none";
    }
    return more > 0 ? some + " and %d more".formatted(more) : some;
  }

  /**
   * Pulls into a folder of models, as {@code ORG/NAME} or {@code ORG/NAME@REVISION}.
   *
   * @throws HubException in one line
   */
  public PullResult into(Path models, RepositoryId id, Optional<String> variant) {
    Listing listing = hub.listing(id);
    try (Destination place = new FolderDestination(models, id, true)) {
      return into(place, listing, variant);
    }
  }

  private PullResult into(Destination place, Listing listing, Optional<String> variant) {
    return into(place, listing, transfer -> select(listing, transfer, variant));
  }

  private PullResult into(
      Destination place, Listing listing, Function<FileTransfer, List<RemoteFile>> chosen) {
    try (DownloadPool fetchers = new DownloadPool(limits.connections())) {
      Count count = new Count(watch);
      FileTransfer transfer = new FileTransfer(hub, listing, place.blobs(), fetchers, count);
      List<RemoteFile> files = chosen.apply(transfer);
      Path folder =
          place
              .present(files)
              .orElseGet(
                  () -> {
                    download(files, transfer, fetchers, place.blobs());
                    return place.finish(listing, files);
                  });
      return new PullResult(
          folder, listing.commit(), files.size(), bytes(files), count.received.get());
    }
  }

  private List<RemoteFile> select(
      Listing listing, FileTransfer transfer, Optional<String> variant) {
    Selection selection = new Selection(listing, variant);
    Optional<RemoteFile> index = listing.find(Selection.INDEX);
    if (index.isPresent()) {
      return selection.pipeline(read(index.get(), transfer));
    }
    if (listing.find(Selection.CONFIG).isPresent()) {
      return selection.single();
    }
    throw HubException.refused(
        "%s has neither model_index.json nor config.json, so it is no diffusers model%s"
            .formatted(listing.id(), singles(selection)));
  }

  private static String singles(Selection selection) {
    List<RemoteFile> files = selection.singleFiles();
    return files.isEmpty()
        ? ""
        : "; it has %s: --file NAME pulls a single file"
            .formatted(files.stream().map(RemoteFile::path).collect(Collectors.joining(", ")));
  }

  private JsonNode read(RemoteFile index, FileTransfer transfer) {
    transfer.download(index, Long.MAX_VALUE);
    try {
      return JSON.readTree(Files.readAllBytes(transfer.path(index)));
    } catch (IOException e) {
      throw HubException.failed(index.path() + ": is no JSON: " + e.getMessage(), e);
    }
  }

  /** The small files first, several at once; then each large one in parts. */
  private void download(
      List<RemoteFile> files, FileTransfer transfer, DownloadPool fetchers, Blobs blobs) {
    Map<String, RemoteFile> distinct = new LinkedHashMap<>();
    files.stream()
        .sorted(Comparator.comparing(RemoteFile::size))
        .forEach(file -> distinct.putIfAbsent(file.blob(), file));
    long all = bytes(distinct.values());
    long here =
        distinct.values().stream().mapToLong(f -> transfer.here(f, limits.partSize())).sum();
    DiskSpace.check(blobs.folder(), all - here);
    watch.begun(all, here);
    Predicate<RemoteFile> small = file -> file.size() <= limits.partSize();
    fetchers.all(
        distinct.values().stream()
            .filter(small)
            .<Runnable>map(file -> () -> transfer.download(file, limits.partSize()))
            .toList());
    distinct.values().stream()
        .filter(small.negate())
        .forEach(file -> transfer.download(file, limits.partSize()));
  }

  private static long bytes(Collection<RemoteFile> files) {
    return files.stream().mapToLong(RemoteFile::size).sum();
  }

  /** Counts the bytes received, and tells the watcher. */
  private static final class Count implements PullListener {
    private final PullListener watch;
    private final AtomicLong received = new AtomicLong();

    Count(PullListener watch) {
      this.watch = watch;
    }

    @Override
    public void begun(long bytes, long here) {
      watch.begun(bytes, here);
    }

    @Override
    public void received(long bytes) {
      received.addAndGet(Math.max(0, bytes));
      watch.received(bytes);
    }
  }
}

package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.pipeline.SideModel;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.worker.render.inventory.FileVersions;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The ControlNets that are open, the T2I-Adapters or the IP-Adapters: all those of the job that
 * renders and, up to two in all, those of earlier jobs. The least recently used is closed first.
 * Not thread-safe.
 */
final class AddedModels<M extends SideModel> implements AutoCloseable {
  private static final int KEPT = 2;
  private final Kind<M> kind;
  private final WeightPinning pinning;
  private final OpenResources<AddedModel, Open<M>> open = new OpenResources<>();

  /** What distinguishes ControlNets from adapters. */
  interface Kind<M extends SideModel> {

    /** As messages call it. */
    String label();

    /** Folders and files that it is read from. */
    default Stream<Path> places(Path place) {
      return Stream.of(place);
    }

    /**
     * Opens one.
     *
     * @throws farm.darkroom.sdxl.SdxlException when it is not sound
     */
    Loaded<M> load(Path place);
  }

  /**
   * One that was just opened.
   *
   * @param components its weights
   */
  record Loaded<M extends SideModel>(M model, List<Component> components) {
    Loaded {
      requireNonNull(model, "model");
      components = List.copyOf(components);
    }
  }

  /**
   * One that is open.
   *
   * @param pinned its files
   */
  record Open<M extends SideModel>(M model, PinnedWeights pinned)
      implements VersionedResource.Files {
    Open {
      requireNonNull(model, "model");
      requireNonNull(pinned, "pinned");
    }

    @Override
    public void close() {
      pinned.close();
      model.close();
    }
  }

  AddedModels(Kind<M> kind, WeightPinning pinning) {
    this.kind = requireNonNull(kind, "kind");
    this.pinning = requireNonNull(pinning, "pinning");
  }

  /**
   * The model, open; one whose files changed is opened again, unless this job has it already.
   *
   * @throws farm.darkroom.common.FarmException WORKER_UNFIT when it is not sound
   */
  Open<M> get(AddedModel wanted) {
    String label = kind.label() + " " + wanted.name();
    Supplier<FileVersions> versions = () -> FileVersions.of(kind.places(wanted.place()));
    return open.find(wanted, label, versions)
        .orElseGet(() -> open.open(wanted, label, versions, () -> open(wanted)));
  }

  private Open<M> open(AddedModel wanted) {
    Loaded<M> loaded = kind.load(wanted.place());
    try {
      return new Open<>(loaded.model(), pinning.of(wanted, loaded.components()));
    } catch (RuntimeException e) {
      loaded.model().close();
      throw e;
    }
  }

  /**
   * Closes models that are not used next, where all of those hold more than {@code headroom} bytes.
   *
   * @param wanted folders and files of what is used next
   * @return the bytes that those hold which stay
   */
  long freeMemory(Set<Path> wanted, long headroom) {
    List<AddedModel> others =
        open.keys().stream().filter(model -> !wanted.contains(model.place())).toList();
    long held = others.stream().mapToLong(other -> open.get(other).model().weightBytes()).sum();
    if (held <= headroom) {
      return held;
    }
    others.forEach(open::close);
    return 0;
  }

  /** A job begins: closes what would be too many beside its models. */
  void makeRoomFor(List<AddedModel> wanted) {
    open.beginRender();
    List<AddedModel> others =
        open.keys().stream().filter(model -> !wanted.contains(model)).toList();
    long kept = Math.max(0, KEPT - wanted.stream().distinct().count());
    others.stream().limit(Math.max(0, others.size() - kept)).forEach(open::close);
  }

  @Override
  public void close() {
    open.close();
  }
}

package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.pipeline.ControlNet;
import farm.darkroom.sdxl.pipeline.Engine;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.worker.render.inventory.FileVersions;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The ControlNets that are open: all those of the job that renders and, up to two in all, those of
 * earlier jobs. The least recently used is closed first. Not thread-safe.
 */
final class ControlNets implements AutoCloseable {
  private static final int KEPT = 2;
  private final Supplier<Engine> engine;
  private final WeightPinning pinning;
  private final OpenResources<AddedControlNet, Net> open = new OpenResources<>();

  /**
   * A network that is open.
   *
   * @param pinned its files
   */
  record Net(ControlNet net, PinnedWeights pinned) implements VersionedResource.Files {
    Net {
      requireNonNull(net, "net");
      requireNonNull(pinned, "pinned");
    }

    @Override
    public void close() {
      pinned.close();
      net.close();
    }
  }

  /**
   * @param engine gives the engine for a network that is opened now
   */
  ControlNets(Supplier<Engine> engine, WeightPinning pinning) {
    this.engine = requireNonNull(engine, "engine");
    this.pinning = requireNonNull(pinning, "pinning");
  }

  /**
   * The network, open; one whose files changed is opened again, unless this job has it already.
   *
   * @throws farm.darkroom.common.FarmException WORKER_UNFIT when it is not sound
   */
  Net get(AddedControlNet wanted) {
    String label = Component.CONTROLNET + " " + wanted.name();
    Supplier<FileVersions> versions = () -> FileVersions.of(Stream.of(wanted.place()));
    return open.find(wanted, label, versions)
        .orElseGet(() -> open.open(wanted, label, versions, () -> open(wanted)));
  }

  private Net open(AddedControlNet wanted) {
    Component component = ControlNet.component(wanted.place());
    ControlNet net = ControlNet.open(component, engine.get());
    try {
      return new Net(net, pinning.of(wanted, component));
    } catch (RuntimeException e) {
      net.close();
      throw e;
    }
  }

  /**
   * Closes networks that are not used next, where all of those hold more than {@code headroom}
   * bytes.
   *
   * @param wanted folders and files of what is used next
   * @return the bytes that those hold which stay
   */
  long freeMemory(Set<Path> wanted, long headroom) {
    List<AddedControlNet> others =
        open.keys().stream().filter(net -> !wanted.contains(net.place())).toList();
    long held = others.stream().mapToLong(net -> open.get(net).net().weightBytes()).sum();
    if (held <= headroom) {
      return held;
    }
    others.forEach(open::close);
    return 0;
  }

  /** A job begins: closes what would be too many beside its networks. */
  void makeRoomFor(List<AddedControlNet> wanted) {
    open.beginRender();
    List<AddedControlNet> others =
        open.keys().stream().filter(net -> !wanted.contains(net)).toList();
    long kept = Math.max(0, KEPT - wanted.stream().distinct().count());
    others.stream().limit(Math.max(0, others.size() - kept)).forEach(open::close);
  }

  @Override
  public void close() {
    open.close();
  }
}

package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.sdxl.pipeline.ControlNet;
import farm.darkroom.sdxl.pipeline.Engine;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.worker.render.inventory.FileVersions;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<AddedControlNet, VersionedResource<Net>> open = new LinkedHashMap<>();
  private final Set<AddedControlNet> asked = new HashSet<>();

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
    VersionedResource<Net> net = open.remove(wanted);
    boolean first = asked.add(wanted);
    if (net != null && first && net.isStale(label, versions.get())) {
      net.resource().close();
      net = null;
    }
    if (net == null) {
      net = VersionedResource.of(label, FailureKind.WORKER_UNFIT, versions, () -> open(wanted));
    }
    open.put(wanted, net);
    return net.resource();
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
        open.keySet().stream().filter(net -> !wanted.contains(net.place())).toList();
    long held =
        others.stream().mapToLong(net -> open.get(net).resource().net().weightBytes()).sum();
    if (held <= headroom) {
      return held;
    }
    others.forEach(net -> open.remove(net).resource().close());
    return 0;
  }

  /** Before a job's networks are opened: closes what would be too many beside them. */
  void freeMemory(List<AddedControlNet> wanted) {
    asked.clear();
    long missing = wanted.stream().distinct().filter(net -> !open.containsKey(net)).count();
    Iterator<Map.Entry<AddedControlNet, VersionedResource<Net>>> eldest =
        open.entrySet().iterator();
    while (eldest.hasNext() && open.size() + missing > KEPT) {
      Map.Entry<AddedControlNet, VersionedResource<Net>> entry = eldest.next();
      if (!wanted.contains(entry.getKey())) {
        eldest.remove();
        entry.getValue().resource().close();
      }
    }
  }

  @Override
  public void close() {
    open.values().forEach(open -> open.resource().close());
    open.clear();
  }
}

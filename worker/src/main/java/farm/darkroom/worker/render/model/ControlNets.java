package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.pipeline.ControlNet;
import farm.darkroom.sdxl.pipeline.Engine;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.worker.render.engine.EngineFailures;
import farm.darkroom.worker.render.inventory.FileVersions;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The ControlNets that are open: all of the job that renders, and of former jobs as many as make
 * two in all, the one that was used last longest. For one thread.
 */
final class ControlNets implements AutoCloseable {
  private static final int KEPT = 2;
  private final Supplier<Engine> engine;
  private final Weighing weighing;
  private final Map<OwnControlNet, Open> open = new LinkedHashMap<>();
  private final Set<OwnControlNet> asked = new HashSet<>();

  /**
   * A network that is open.
   *
   * @param versions of what it was read from
   * @param weights its files, with hashes
   */
  record Open(ControlNet net, FileVersions versions, CompletableFuture<List<WeightFile>> weights) {
    Open {
      requireNonNull(net, "net");
      requireNonNull(versions, "versions");
      requireNonNull(weights, "weights");
    }
  }

  /**
   * @param engine that a network which is opened now runs on
   */
  ControlNets(Supplier<Engine> engine, Weighing weighing) {
    this.engine = requireNonNull(engine, "engine");
    this.weighing = requireNonNull(weighing, "weighing");
  }

  /**
   * The network, open; one whose files changed is opened anew, unless this job has it already.
   *
   * @throws farm.darkroom.common.FarmException WORKER_UNFIT when it is not sound
   */
  Open get(OwnControlNet wanted) {
    FileVersions now = FileVersions.of(Stream.of(wanted.place()));
    Open net = open.remove(wanted);
    boolean first = asked.add(wanted);
    if (net != null && first && !net.versions().equals(now)) {
      net.net().close();
      net = null;
    }
    if (net == null) {
      net = EngineFailures.during(FailureKind.WORKER_UNFIT, wanted.name(), () -> open(wanted, now));
    }
    open.put(wanted, net);
    return net;
  }

  private Open open(OwnControlNet wanted, FileVersions now) {
    Component component = ControlNet.component(wanted.place());
    CompletableFuture<List<WeightFile>> weights = weighing.of(wanted, component);
    return new Open(ControlNet.open(component, engine.get()), now, weights);
  }

  /**
   * Closes networks that are not used next, where all of those hold more than {@code room} bytes.
   *
   * @param wanted folders and files of what is used next
   * @return the bytes that those hold which stay
   */
  long makeRoom(Set<Path> wanted, long room) {
    List<OwnControlNet> others =
        open.keySet().stream().filter(net -> !wanted.contains(net.place())).toList();
    long held = others.stream().mapToLong(net -> open.get(net).net().weightBytes()).sum();
    if (held <= room) {
      return held;
    }
    others.forEach(net -> open.remove(net).net().close());
    return 0;
  }

  /** Before a job's networks are opened: closes what would be too many beside them. */
  void makeRoom(List<OwnControlNet> wanted) {
    asked.clear();
    long missing = wanted.stream().distinct().filter(net -> !open.containsKey(net)).count();
    Iterator<Map.Entry<OwnControlNet, Open>> eldest = open.entrySet().iterator();
    while (eldest.hasNext() && open.size() + missing > KEPT) {
      Map.Entry<OwnControlNet, Open> entry = eldest.next();
      if (!wanted.contains(entry.getKey())) {
        eldest.remove();
        entry.getValue().net().close();
      }
    }
  }

  @Override
  public void close() {
    open.values().forEach(open -> open.net().close());
    open.clear();
  }
}

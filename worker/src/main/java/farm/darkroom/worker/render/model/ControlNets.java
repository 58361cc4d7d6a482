package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.sdxl.pipeline.ControlNet;
import farm.darkroom.sdxl.pipeline.Engine;
import farm.darkroom.worker.render.engine.EngineFailures;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The ControlNets that are open: all of the job that renders, and of former jobs as many as make
 * two in all, the one that was used last longest. For one thread.
 */
final class ControlNets implements AutoCloseable {
  private static final int KEPT = 2;
  private final Supplier<Engine> engine;
  private final Map<OwnControlNet, ControlNet> open = new LinkedHashMap<>();

  /**
   * @param engine that a network which is opened now runs on
   */
  ControlNets(Supplier<Engine> engine) {
    this.engine = requireNonNull(engine, "engine");
  }

  /**
   * The network, open.
   *
   * @throws farm.darkroom.common.FarmException WORKER_UNFIT when it is not sound
   */
  ControlNet get(OwnControlNet wanted) {
    ControlNet net = open.remove(wanted);
    if (net == null) {
      net =
          EngineFailures.during(
              FailureKind.WORKER_UNFIT,
              wanted.name(),
              () -> ControlNet.open(wanted.place(), engine.get()));
    }
    open.put(wanted, net);
    return net;
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
    long held = others.stream().mapToLong(net -> open.get(net).weightBytes()).sum();
    if (held <= room) {
      return held;
    }
    others.forEach(net -> open.remove(net).close());
    return 0;
  }

  /** Before a job's networks are opened: closes what would be too many beside them. */
  void makeRoom(List<OwnControlNet> wanted) {
    long missing = wanted.stream().distinct().filter(net -> !open.containsKey(net)).count();
    Iterator<Map.Entry<OwnControlNet, ControlNet>> eldest = open.entrySet().iterator();
    while (eldest.hasNext() && open.size() + missing > KEPT) {
      Map.Entry<OwnControlNet, ControlNet> entry = eldest.next();
      if (!wanted.contains(entry.getKey())) {
        eldest.remove();
        entry.getValue().close();
      }
    }
  }

  @Override
  public void close() {
    open.values().forEach(ControlNet::close);
    open.clear();
  }
}

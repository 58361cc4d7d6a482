package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.sdxl.pipeline.ControlNet;
import farm.darkroom.sdxl.pipeline.IpAdapter;
import farm.darkroom.sdxl.pipeline.T2iAdapter;
import farm.darkroom.sdxl.torch.HostAllocator;
import farm.darkroom.sdxl.torch.HostAllocator.Keeping;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.engine.RenderDevice;
import farm.darkroom.worker.render.inventory.Snapshots;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The models that are open, all under one plan: a job's base and its refiner. The least recently
 * used is closed first. Not thread-safe.
 */
final class Pipelines implements AutoCloseable {
  private static final int MOST = 2;

  private final ModelLoader loader;
  private final CacheCounts caches;
  private final AddedModels<ControlNet> controlNets;
  private final AddedModels<T2iAdapter> t2iAdapters;
  private final AddedModels<IpAdapter> ipAdapters;
  private final OpenResources<ModelChoice, LoadedModel> open = new OpenResources<>();
  private Optional<RenderPlan> plan = Optional.empty();
  private Keeping kept = Keeping.NOTHING;

  Pipelines(
      Snapshots snapshots,
      RenderDevice device,
      Precision precision,
      CacheCounts caches,
      WeightPinning pinning) {
    this.loader = new ModelLoader(snapshots, device, precision, pinning);
    this.caches = requireNonNull(caches, "caches");
    this.controlNets = new AddedModels<>(new ControlNetKind(() -> loader.engine(plan())), pinning);
    this.t2iAdapters = new AddedModels<>(new T2iAdapterKind(() -> loader.engine(plan())), pinning);
    this.ipAdapters = new AddedModels<>(new IpAdapterKind(() -> loader.engine(plan())), pinning);
  }

  /**
   * Begins a render under this plan. Models that are open under another one are closed, and freed
   * memory that was kept is given back.
   *
   * @param mayKeepFreedMemory whether there is enough to keep it where weights come and go
   */
  void use(RenderPlan wanted, boolean mayKeepFreedMemory) {
    open.beginRender();
    Keeping keeping = keeping(wanted.residency(), mayKeepFreedMemory);
    boolean otherwise = !plan.equals(Optional.of(wanted)) || wanted.careful();
    if (otherwise) {
      close();
    }
    if (otherwise || keeping != kept) {
      HostAllocator.trim();
    }
    HostAllocator.keep(keeping);
    kept = keeping;
    plan = Optional.of(wanted);
  }

  private static Keeping keeping(Residency residency, boolean mayKeepFreedMemory) {
    return switch (residency) {
      case RESIDENT, MODEL -> Keeping.SMALL;
      case SEQUENTIAL -> mayKeepFreedMemory ? Keeping.ALL : Keeping.NOTHING;
    };
  }

  private boolean isUnder(Residency residency) {
    return plan.filter(now -> now.residency() == residency).isPresent();
  }

  private RenderPlan plan() {
    return plan.orElseThrow(() -> new IllegalStateException("no plan to open models under"));
  }

  /**
   * The model, open; one whose files changed is opened again, unless this render has it already.
   *
   * @throws FarmException WORKER_UNFIT when the snapshot is not sound, INVALID_JOB when a network
   *     does not fit it, or the job has to name a VAE
   */
  LoadedModel get(ModelChoice choice) {
    String label = "model " + choice.name();
    Optional<LoadedModel> known = open.find(choice, label, choice::versions);
    caches.model(known.isPresent());
    if (known.isPresent()) {
      return known.get();
    }
    closeEldest();
    return open.open(choice, label, choice::versions, () -> loader.load(choice, plan()));
  }

  /** The ControlNets that are open. */
  AddedModels<ControlNet> controlNets() {
    return controlNets;
  }

  /** The T2I-Adapters that are open. */
  AddedModels<T2iAdapter> t2iAdapters() {
    return t2iAdapters;
  }

  /** The IP-Adapters that are open. */
  AddedModels<IpAdapter> ipAdapters() {
    return ipAdapters;
  }

  /**
   * Closes models until those that stay, besides the wanted ones, leave enough memory.
   *
   * @param wanted what is used next
   * @param added folders and files of the ControlNets and adapters that are used next
   * @param headroom bytes that other models may hold
   */
  void freeMemory(Predicate<ModelChoice> wanted, Set<Path> added, long headroom) {
    if (!isUnder(Residency.RESIDENT)) {
      return;
    }
    List<ModelChoice> others = open.keys().stream().filter(wanted.negate()).toList();
    long held = others.stream().mapToLong(choice -> open.get(choice).weightBytes()).sum();
    held += controlNets.freeMemory(added, headroom - held);
    held += t2iAdapters.freeMemory(added, headroom - held);
    held += ipAdapters.freeMemory(added, headroom - held);
    for (ModelChoice choice : others) {
      if (held > headroom) {
        held -= open.get(choice).weightBytes();
        open.close(choice);
      }
    }
  }

  private void closeEldest() {
    if (open.keys().size() >= MOST) {
      open.close(open.keys().get(0));
    }
  }

  @Override
  public void close() {
    open.close();
    controlNets.close();
    t2iAdapters.close();
    ipAdapters.close();
  }
}

package farm.darkroom.worker.render.engine;

import static java.util.Objects.requireNonNull;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.Quantisation;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The device that renders compute on, initialised on first use. Not thread-safe. */
public final class RenderDevice implements AutoCloseable {
  private static final String ENGINE = "PyTorch";
  private final EngineSettings settings;
  private Optional<Kernels> kernels = Optional.empty();

  /**
   * @param settings which device that is, and what its kernels have to be able to do
   */
  public RenderDevice(EngineSettings settings) {
    this.settings = requireNonNull(settings, "settings");
  }

  /**
   * The device's kernels.
   *
   * @throws FarmException WORKER_UNFIT when there is no such device, or libtorch does not load
   */
  public Kernels kernels() {
    if (kernels.isEmpty()) {
      kernels = Optional.of(load());
    }
    return kernels.get();
  }

  private Kernels load() {
    try {
      Device device = device();
      JniUtils.setNumThreads(settings.threads());
      return able(Kernels.load(device));
    } catch (FarmException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw new FarmException(
          FailureKind.WORKER_UNFIT,
          "libtorch does not start on %s: %s".formatted(settings.device(), e.getMessage()),
          e);
    }
  }

  private Kernels able(Kernels loaded) {
    if (settings.quantisation() == Quantisation.INT8 && !loaded.multipliesInt8()) {
      loaded.close();
      throw new FarmException(
          FailureKind.WORKER_UNFIT,
          "--quantize int8: this libtorch has no oneDNN, which multiplies int8 weights");
    }
    return loaded;
  }

  private Device device() {
    int there = Engine.getEngine(ENGINE).getGpuCount();
    Gpus.require(settings, there);
    return settings.gpu().isPresent() ? Device.gpu(settings.gpu().getAsInt()) : Device.cpu();
  }

  /** What renders here run on, for records. */
  public static SortedMap<String, String> versions() {
    SortedMap<String, String> versions = new TreeMap<>();
    versions.put("djl", Engine.getDjlVersion());
    versions.put("libtorch", Engine.getEngine(ENGINE).getVersion());
    versions.put("java", Runtime.version().toString());
    String darkroom = RenderDevice.class.getPackage().getImplementationVersion();
    if (darkroom != null) {
      versions.put("darkroom", darkroom);
    }
    return versions;
  }

  @Override
  public void close() {
    kernels.ifPresent(Kernels::close);
    kernels = Optional.empty();
  }
}

package farm.darkroom.sdxl.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernels of one device: the methods of the TorchScript class in {@code kernels/*.py}, called
 * by name; {@link Arguments} says what they take. Results belong to the manager that the caller
 * passes. Thread-safe.
 */
public final class Kernels implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Kernels.class);

  private final PtNDManager manager;
  private final PtSymbolBlock block;
  private final MatmulKernels products;
  private final Cpu cpu = Cpu.here();

  private Kernels(PtNDManager manager, PtSymbolBlock block, MatmulKernels products) {
    this.manager = manager;
    this.block = block;
    this.products = products;
  }

  /**
   * Compiles the kernels for {@code device}: on a CPU with packed weights, if this libtorch was
   * built with oneDNN.
   */
  public static Kernels load(Device device) {
    if (device.isGpu()) {
      return load(device, MatmulKernels.CUDA);
    }
    try {
      return load(device, MatmulKernels.PACKED);
    } catch (EngineException e) {
      log.warn("weights are not packed, products are slower: {}", firstLine(e));
      return load(device, MatmulKernels.PLAIN);
    }
  }

  private static String firstLine(EngineException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  static Kernels load(Device device, MatmulKernels products) {
    PtNDManager manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(device);
    try {
      InputStream archive = new ByteArrayInputStream(KernelArchive.bytes(products));
      return new Kernels(manager, JniUtils.loadModule(manager, archive, false, false), products);
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException(e);
    } catch (EngineException e) {
      manager.close();
      throw e;
    }
  }

  /**
   * The manager on this device that outlives every job; sub-managers of it hold a job's tensors.
   */
  public NDManager manager() {
    return manager;
  }

  /** Whether products of int8 weights are computed as such here, and not after widening them. */
  public boolean multipliesInt8() {
    return products == MatmulKernels.PACKED;
  }

  /**
   * Whether weights of linear layers are to be packed; the transformed ones of convolutions in
   * tiles, whose products have few rows, always are.
   */
  public boolean packsLinears() {
    return products == MatmulKernels.PACKED && cpu.gainsByPacking();
  }

  /** How far from 0 an int8 weight may be. */
  public int int8Levels() {
    return cpu.int8Levels();
  }

  /** Whether the device is a GPU, to whose own memory weights have to be copied. */
  public boolean onGpu() {
    return products == MatmulKernels.CUDA;
  }

  /**
   * Waits until the device has done what it was told: a GPU's kernels return when they are queued.
   */
  public void settle() {
    run("settle", device()).close();
  }

  /**
   * Gives back what libtorch keeps of memory that is free, of the device and of this machine, such
   * as the weights of a model that was closed.
   */
  public void giveBack() {
    if (onGpu()) {
      JniUtils.emptyCudaCache();
    }
    HostAllocator.trim();
  }

  /** Reserves GPU memory of this many elements, with the stream that copies into it. */
  public UploadBuffer reserve(long elements, Dtype dtype) {
    NDArray memory = tensor(manager, "room", elements, dtype.scalarType(), device());
    try {
      return new UploadBuffer(memory, run("copy_stream", memory));
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  /**
   * After a kernel that was cut short while it copied into the buffer: the thread leaves the
   * buffer's stream, and what is under way ends.
   */
  public void abandon(UploadBuffer buffer) {
    run("abandon", buffer.memory()).close();
  }

  /** As libtorch writes it. */
  private String device() {
    Device device = manager.getDevice();
    return onGpu() ? "cuda:" + device.getDeviceId() : "cpu";
  }

  /** Calls a kernel that returns a Tensor. */
  public NDArray tensor(NDManager owner, String kernel, Object... arguments) {
    try (IValue result = run(kernel, arguments)) {
      return result.toTensor((PtNDManager) owner);
    }
  }

  /** Calls a kernel that returns a {@code List[Tensor]}. */
  public List<NDArray> tensors(NDManager owner, String kernel, Object... arguments) {
    try (IValue result = run(kernel, arguments)) {
      return List.of(result.toTensorArray((PtNDManager) owner));
    }
  }

  /** Calls a kernel that returns a {@code Dict[str, Tensor]}; the caller closes it. */
  public TensorDict dict(String kernel, Object... arguments) {
    return new TensorDict(run(kernel, arguments));
  }

  /**
   * The tensors of several dicts with the same keys, one behind the other; the caller closes it.
   */
  public TensorDict joined(List<TensorDict> dicts) {
    TensorDict all = dict("joined_dict", dicts.get(0), dicts.get(1));
    for (TensorDict next : dicts.subList(2, dicts.size())) {
      try (TensorDict before = all) {
        all = dict("joined_dict", before, next);
      }
    }
    return all;
  }

  /**
   * Runs a kernel as it is written. libtorch's optimiser is off, which is a setting of each thread:
   * it profiles the first calls (seconds of a first step) and then specialises to the shapes that
   * it saw, for no gain later, because the time goes into matrix products.
   */
  private IValue run(String kernel, Object... arguments) {
    JniUtils.setGraphExecutorOptimize(false);
    try (Arguments values = Arguments.of(arguments)) {
      return IValueUtils.runMethod(block, kernel, values.array());
    }
  }

  @Override
  public void close() {
    block.close();
    manager.close();
  }
}

package farm.darkroom.worker.render.engine;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.sdxl.torch.Cpu;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.Quantisation;
import farm.darkroom.worker.port.Residency;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What renders compute on, and how.
 *
 * @param device {@code cpu} or {@code cuda:N}
 * @param quantisation of the UNet's weights; on a CPU only
 * @param threads that compute on a CPU
 * @param residency empty: the fastest that fits
 * @param memoryLimit bytes that renders may take of the device: on a CPU the anonymous memory of
 *     the process; empty: what there is
 */
public record EngineSettings(
    String device,
    Dtype dtype,
    Quantisation quantisation,
    int threads,
    Optional<Residency> residency,
    Optional<Long> memoryLimit) {
  private static final String AUTO = "auto";
  private static final String CUDA = "cuda:";
  private static final Pattern DEVICE = Pattern.compile("cpu|cuda:\\d{1,3}");
  private static final int MOST_THREADS = 1024;

  public EngineSettings {
    requireNonNull(dtype, "dtype");
    requireNonNull(quantisation, "quantisation");
    requireNonNull(residency, "residency");
    requireNonNull(memoryLimit, "memoryLimit");
    if (!DEVICE.matcher(device).matches()) {
      throw refused("device: found '%s', allowed: cpu and cuda:N".formatted(device));
    }
    if (threads < 1 || threads > MOST_THREADS) {
      throw refused("threads: found %d, allowed: 1 to %d".formatted(threads, MOST_THREADS));
    }
  }

  /** Weights in the compute dtype. */
  public EngineSettings(
      String device,
      Dtype dtype,
      int threads,
      Optional<Residency> residency,
      Optional<Long> memoryLimit) {
    this(device, dtype, Quantisation.NONE, threads, residency, memoryLimit);
  }

  /**
   * Settings as they are typed; what is empty has its default: the CPU, all of its threads, float32
   * on it and float16 on GPUs. The dtype {@code auto} is the fastest: on a CPU bfloat16 where its
   * hardware has that, elsewhere the default.
   *
   * @throws FarmException WORKER_UNFIT naming what was found and what is allowed
   */
  public static EngineSettings of(
      Optional<String> device,
      Optional<String> dtype,
      Optional<Integer> threads,
      Optional<Residency> residency,
      Optional<Long> memoryLimit) {
    String on = device.map(name -> name.equals("cuda") ? "cuda:0" : name).orElse("cpu");
    return new EngineSettings(
        on,
        dtype
            .map(typed -> dtype(typed, on))
            .orElse(on.equals("cpu") ? Dtype.FLOAT32 : Dtype.FLOAT16),
        threads.orElse(Runtime.getRuntime().availableProcessors()),
        residency,
        memoryLimit);
  }

  /**
   * These settings with quantised weights.
   *
   * @param typed as in flags
   * @throws FarmException WORKER_UNFIT for another than int8, and on another device than a CPU
   */
  public EngineSettings quantised(String typed) {
    if (!typed.equals(Quantisation.INT8.label())) {
      throw refused("--quantize: found '%s', allowed: int8".formatted(typed));
    }
    if (gpu().isPresent()) {
      throw refused(
          "--quantize int8 on %s: allowed on cpu only; GPUs compute in float16".formatted(device));
    }
    return new EngineSettings(device, dtype, Quantisation.INT8, threads, residency, memoryLimit);
  }

  /** What text encoders and UNet compute in and are held in. */
  public Precision precision() {
    return new Precision(dtype, quantisation, gpu().isPresent());
  }

  /** The number of the GPU, if it is one. */
  public OptionalInt gpu() {
    return device.startsWith(CUDA)
        ? OptionalInt.of(Integer.parseInt(device.substring(CUDA.length())))
        : OptionalInt.empty();
  }

  private static Dtype dtype(String typed, String device) {
    if (typed.equals(AUTO)) {
      return device.equals("cpu") ? Cpu.here().fastest() : Dtype.FLOAT16;
    }
    return Arrays.stream(Dtype.values())
        .filter(dtype -> dtype.label().equals(typed))
        .findFirst()
        .orElseThrow(() -> refused("dtype: found '%s', allowed: %s".formatted(typed, dtypes())));
  }

  private static String dtypes() {
    return Arrays.stream(Dtype.values())
        .map(Dtype::label)
        .collect(Collectors.joining(", ", AUTO + ", ", ""));
  }

  private static FarmException refused(String what) {
    return new FarmException(FailureKind.WORKER_UNFIT, what);
  }
}

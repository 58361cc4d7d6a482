package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.unet.UNet2DConditionModel;
import farm.darkroom.sdxl.unet.UNetConditioning;
import farm.darkroom.sdxl.unet.UNetInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Denoising loops that go side by side through the UNet: one call of it for a step of each. What
 * else a loop has stays its own (noise, sampler, guidance, mask), so that it may leave at any step,
 * and a NaN stays in its row. The last bits of a picture do depend on how many rows a call has. The
 * loops are the caller's to close. Not thread-safe.
 */
public final class DenoisingBatch implements AutoCloseable {
  private final List<Denoising> rows;
  private Optional<UNetConditioning> conditioning = Optional.empty();

  /**
   * @param rows at least one, each of which {@linkplain Denoising#canBatchWith canBatchWith} with
   *     the first
   */
  public DenoisingBatch(List<Denoising> rows) {
    this.rows = new ArrayList<>(rows);
    if (rows.isEmpty() || !rows.stream().allMatch(rows.get(0)::canBatchWith)) {
      throw new IllegalArgumentException("these loops cannot share the calls of a model");
    }
  }

  /** The loops in this batch. */
  public List<Denoising> rows() {
    return List.copyOf(rows);
  }

  /** Whether there is a step left to do, and a loop to do it for. */
  public boolean hasNext() {
    return !rows.isEmpty() && rows.get(0).hasNext();
  }

  /** Does one step of every loop, synchronously even on a GPU. */
  public void next() {
    if (rows.size() == 1) {
      rows.get(0).next();
    } else {
      together();
    }
    rows.get(0).denoiser().kernels().settle();
  }

  private void together() {
    Denoiser any = rows.get(0).denoiser();
    try (NDManager step = any.kernels().manager().newSubManager()) {
      List<NDArray> samples = new ArrayList<>();
      rows.forEach(row -> samples.add(row.denoiser().sample(step, row.input(step))));
      NDArray predictions = forward(any.kernels(), any.unet(), samples, step);
      long first = 0;
      for (int i = 0; i < rows.size(); i++) {
        long count = samples.get(i).getShape().get(0);
        NDArray own = any.kernels().tensor(step, "rows", predictions, first, count);
        Denoising row = rows.get(i);
        row.advance(step, row.denoiser().guided(step, own, row.timestep()));
        first += count;
      }
    }
  }

  private NDArray forward(
      Kernels kernels, UNet2DConditionModel unet, List<NDArray> samples, NDManager step) {
    NDArray sample = kernels.tensor(step, "joined", samples, 0);
    double timestep = rows.get(0).timestep();
    return unet.forward(
        step,
        new UNetInput(
            sample,
            timestep,
            conditioning(kernels),
            timestepCond(kernels, step),
            Optional.empty(),
            List.of(),
            rows.get(0).denoiser().freeU()));
  }

  private UNetConditioning conditioning(Kernels kernels) {
    if (conditioning.isEmpty()) {
      List<UNetConditioning> parts =
          rows.stream().map(row -> row.denoiser().conditioning()).toList();
      conditioning = Optional.of(UNetConditioning.joined(kernels, parts));
    }
    return conditioning.get();
  }

  private Optional<NDArray> timestepCond(Kernels kernels, NDManager step) {
    List<NDArray> parts =
        rows.stream().flatMap(row -> row.denoiser().timestepCond().stream()).toList();
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(kernels.tensor(step, "joined", parts, 0));
  }

  /** Takes a loop out of the batch; the others go on. */
  public void remove(Denoising row) {
    rows.remove(row);
    close();
  }

  /** Frees what the loops share; the loops themselves stay open. */
  @Override
  public void close() {
    conditioning.ifPresent(UNetConditioning::close);
    conditioning = Optional.empty();
  }
}

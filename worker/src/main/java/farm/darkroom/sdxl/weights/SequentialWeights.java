package farm.darkroom.sdxl.weights;

import farm.darkroom.sdxl.torch.TensorDict;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Weights that are on the device only while they are used. While a group computes, the one that
 * followed it the last time is brought in behind it, so that at most two groups are there at once.
 * For one thread beside its own loader thread.
 */
public final class SequentialWeights implements Weights {
  private final Function<WeightGroup, WeightLoader.Loading> loader;
  private final ExecutorService behind;
  private final Map<String, WeightGroup> follower = new HashMap<>();
  private String last = "";
  private Optional<Prefetch> next = Optional.empty();

  private record Prefetch(String group, CompletableFuture<TensorDict> weights) {
    void discard() {
      try {
        weights.join().close();
      } catch (CompletionException e) {
        // what could not be loaded need not be freed; the group's own hold reports it
      }
    }
  }

  public SequentialWeights(WeightLoader loader) {
    this(
        loader::loading,
        Executors.newSingleThreadExecutor(
            load -> {
              Thread thread = new Thread(load, "weights-prefetch");
              thread.setDaemon(true);
              return thread;
            }));
  }

  /**
   * @param behind runs what is brought in meanwhile, and is shut down at the end
   */
  SequentialWeights(Function<WeightGroup, WeightLoader.Loading> loader, ExecutorService behind) {
    this.loader = loader;
    this.behind = behind;
  }

  @Override
  public Hold hold(WeightGroup group) {
    follower.put(last, group);
    last = group.name();
    TensorDict dict = take(group);
    try {
      next = following();
    } catch (RuntimeException | Error e) {
      dict.close();
      throw e;
    }
    return new Hold() {
      @Override
      public TensorDict dict() {
        return dict;
      }

      @Override
      public void close() {
        dict.close();
      }
    };
  }

  private Optional<Prefetch> following() {
    return Optional.ofNullable(follower.get(last))
        .filter(expected -> !expected.name().equals(last))
        .map(this::prefetch);
  }

  private Prefetch prefetch(WeightGroup group) {
    WeightLoader.Loading loading = loader.apply(group);
    try {
      return new Prefetch(group.name(), CompletableFuture.supplyAsync(loading, behind));
    } catch (RuntimeException | Error e) {
      loading.close();
      throw e;
    }
  }

  private TensorDict take(WeightGroup group) {
    Optional<Prefetch> ready = next.filter(load -> load.group().equals(group.name()));
    if (ready.isEmpty()) {
      evict();
      return loader.apply(group).get();
    }
    next = Optional.empty();
    try {
      return ready.get().weights().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  @Override
  public void evict() {
    next.ifPresent(Prefetch::discard);
    next = Optional.empty();
  }

  @Override
  public void close() {
    evict();
    behind.shutdown();
  }
}

package farm.darkroom.infra.chaos;

import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.worker.LocalRender;
import farm.darkroom.worker.port.Renderer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a single process makes of a job, held against what a farm stored.
 *
 * @param each one job in so many is looked at
 */
record SinglePicture(Path folder, int each) {
  private static final long LARGEST = 1 << 24;

  /** The keys of stored images that a single process renders differently. */
  List<String> differences(ResultStore store) {
    try (Renderer renderer = SeededRenderer.alone()) {
      return differences(store, renderer);
    }
  }

  List<String> differences(ResultStore store, Renderer renderer) {
    LocalRender render = new LocalRender(renderer, (done, of) -> {}, 1);
    List<String> records =
        store.list("jobs/").stream()
            .map(ResultStore.Entry::key)
            .filter(key -> key.endsWith("/record.json"))
            .toList();
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < records.size(); i += each) {
      compare(store, records.get(i), render, differences);
    }
    return differences;
  }

  private void compare(
      ResultStore store, String key, LocalRender render, List<String> differences) {
    RenderRecord stored = RenderRecord.fromJson(store.get(key, RenderRecord.LARGEST).orElseThrow());
    RenderRecord alone = render.render(stored.job(), folder);
    for (int i = 0; i < alone.images().size(); i++) {
      String image = stored.images().get(i).key();
      byte[] bytes = store.get(image, LARGEST).orElseThrow();
      if (!Arrays.equals(bytes, read(alone.images().get(i).key()))) {
        differences.add(image);
      }
    }
  }

  private byte[] read(String name) {
    try {
      return Files.readAllBytes(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Sha256;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.picture.Png;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of a picture that lies in the store without a record. */
class AdoptionTest {
  @Test
  void pictureOfDeadWorkerIsAdopted() {
    InMemoryFarm farm = new InMemoryFarm();
    String id = farm.submitSeed(1);
    byte[] left = pictureOfSeed(1);
    farm.store.putIfAbsent(StoreKeys.output(id, 0, "png"), left, "image/png");
    new FakeWorker(farm, "w1").workOnce();
    assertThat(farm.recordedHashes(id)).isEqualTo(List.of(Sha256.hex(left)));
  }

  @Test
  void foreignPictureIsNotAdopted() {
    for (byte[] left : List.of(new byte[] {1, 2, 3}, pictureOfSeed(2))) {
      InMemoryFarm foreign = new InMemoryFarm();
      String id = foreign.submitSeed(1);
      foreign.store.putIfAbsent(StoreKeys.output(id, 0, "png"), left, "image/png");
      new FakeWorker(foreign, "w1").workOnce();
      assertThat(foreign.stored(id)).isFalse();
      assertThat(foreign.lastEvent(id).reason().orElseThrow())
          .contains("jobs/" + id + "/0.png in the store is no picture of this job")
          .contains("or an earlier version's");
    }
  }

  private static byte[] pictureOfSeed(long seed) {
    String job = "{\"model\":\"demo\",\"prompt\":\"a red ball\",\"seed\":%d}".formatted(seed);
    Picture other = new Picture(1, 1, new byte[] {1, 2, 3});
    return Png.encode(other, Map.of(Png.DARKROOM, job));
  }
}

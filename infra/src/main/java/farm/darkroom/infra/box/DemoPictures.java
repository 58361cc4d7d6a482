package farm.darkroom.infra.box;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.fetch.Results;
import farm.darkroom.submitter.sheet.Tile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Downloads the demo's pictures, each with its record in a folder of its own. */
record DemoPictures(ResultStore store) {

  /** Writes {@code 01/0.png}, {@code 01/record.json} and so on. */
  List<Tile> write(List<RenderJob> jobs, Path folder) {
    Results results = new Results(store);
    List<Tile> tiles = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      RenderJob job = jobs.get(i);
      JobId id = JobId.of(job);
      Results.Result result = results.find(id).orElseThrow(() -> missing(id));
      Path own = folder.resolve("%02d".formatted(i + 1));
      Path picture = whole(results.download(result, own)).files().get(0);
      String detail =
          "seed %d, %d steps, guidance %s"
              .formatted(
                  job.seedOf(0),
                  job.sampling().numInferenceSteps(),
                  job.sampling().guidanceScale());
      tiles.add(new Tile(picture, job.prompts().prompt(), job.seedOf(0), detail));
    }
    return tiles;
  }

  private static Results.Download whole(Results.Download download) {
    download.damage().stream().findFirst().ifPresent(DemoPictures::refuse);
    return download;
  }

  private static void refuse(String damage) {
    throw new FarmException(FailureKind.RENDER_FAILED, damage);
  }

  private static FarmException missing(JobId id) {
    return new FarmException(
        FailureKind.STORE_UNAVAILABLE, "job " + id + " counts as stored and has no record");
  }
}

package farm.darkroom.worker;

import farm.darkroom.common.job.RenderJob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes the simplest files there are: the pixels as they are, and the hashes in a line each. */
final class PlainFinisher implements Finisher {

  @Override
  public Finished finish(String jobId, RenderJob job, RenderResult result) {
    List<ResultFile> files = new ArrayList<>();
    for (Output output : result.outputs()) {
      files.add(new ResultFile(files.size(), "png", "image/png", ((Picture) output).rgb()));
    }
    return new Finished(jobId, job, files, result.made());
  }

  @Override
  public byte[] record(Finished finished, int attempt, List<String> sha256s) {
    return String.join("\n", sha256s).getBytes(StandardCharsets.UTF_8);
  }
}

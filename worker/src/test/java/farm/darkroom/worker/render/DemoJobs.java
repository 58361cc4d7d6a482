package farm.darkroom.worker.render;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.picture.Png;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Small jobs of the demo model, and pictures for them. */
final class DemoJobs {
  private DemoJobs() {}

  /**
   * Of two steps and 64 by 64 pixels, with these fields, which may be written with single quotes.
   */
  static RenderJob job(String fields) {
    return job("demo", fields);
  }

  static RenderJob job(String model, String fields) {
    String json =
        ("{'model': '%s', 'prompt': 'a red ball', 'num_inference_steps': 2, 'height': 64,"
                + " 'width': 64, %s}")
            .formatted(model, fields)
            .replace('\'', '"');
    return RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8));
  }

  /** Of four steps, and of the size that its picture gives it. */
  static RenderJob withoutSize(String fields) {
    String json =
        "{'model': 'demo', 'prompt': 'a red ball', 'num_inference_steps': 4, %s}"
            .formatted(fields)
            .replace('\'', '"');
    return RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a PNG of one colour. */
  static Path picture(Path file, int width, int height, int... colour) throws IOException {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) colour[i % 3];
    }
    return Files.write(file, Png.encode(new Picture(width, height, rgb), Map.of()));
  }
}

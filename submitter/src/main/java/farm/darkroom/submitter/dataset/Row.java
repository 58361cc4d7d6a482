package farm.darkroom.submitter.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.CanonicalJson;
import farm.darkroom.common.json.FieldWriter;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.SortedSet;

/**
 * A sample's metadata. Every row of a dataset has the same columns, with null where a value is
 * unknown.
 */
final class Row {
  private static final int PNG_WIDTH = 16;
  private static final int PNG_HEIGHT = 20;
  private static final Set<String> COLUMNS =
      Set.of(
          "file_name",
          "text",
          "negative_prompt",
          "seed",
          "model",
          "num_inference_steps",
          "guidance_scale",
          "width",
          "height",
          "job_id",
          "job");

  private Row() {}

  /**
   * @param bytes the sample's own, of which a PNG's header gives the size
   * @param labels the columns after the fixed ones; one that has a fixed name becomes {@code
   *     label_NAME}
   */
  static ObjectNode of(Sample sample, byte[] bytes, SortedSet<String> labels) {
    FieldWriter row =
        new FieldWriter()
            .put("text", sample.job().prompts().prompt())
            .put("negative_prompt", sample.job().prompts().negativePrompt().orElse(null))
            .put("seed", sample.image().seed())
            .put("model", sample.job().model())
            .put("num_inference_steps", sample.job().sampling().numInferenceSteps())
            .put("guidance_scale", sample.job().sampling().guidanceScale())
            .put("width", number(sample, bytes, PNG_WIDTH))
            .put("height", number(sample, bytes, PNG_HEIGHT))
            .put("job_id", sample.id().text())
            .put("job", CanonicalJson.text(sample.job().pixels().toJson()));
    for (String label : labels) {
      String column = COLUMNS.contains(label) ? "label_" + label : label;
      row.put(column, sample.labels().get(label));
    }
    return row.done();
  }

  private static Integer number(Sample sample, byte[] bytes, int offset) {
    boolean there = sample.isPicture() && bytes.length >= offset + Integer.BYTES;
    return there ? (Integer) ByteBuffer.wrap(bytes).getInt(offset) : null;
  }
}

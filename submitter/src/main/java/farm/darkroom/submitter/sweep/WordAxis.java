package farm.darkroom.submitter.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A word that stands as {@code {name}} in the job's prompts and becomes a label of the job.
 *
 * @param values text
 */
record WordAxis(String name, List<JsonNode> values) implements Axis {
  private static final List<String> PROMPTS =
      List.of("prompt", "prompt_2", "negative_prompt", "negative_prompt_2");

  @Override
  public void apply(ObjectNode job, JsonNode value) {
    for (String prompt : PROMPTS) {
      String text = job.path(prompt).asText();
      if (text.contains(placeholder())) {
        job.put(prompt, text.replace(placeholder(), value.textValue()));
      }
    }
    ObjectNode labels =
        job.get("labels") instanceof ObjectNode there ? there : job.putObject("labels");
    if (!labels.has(name)) {
      labels.set(name, value);
    }
  }

  /** Whether one of the texts, prompts or values of other axes, has the word. */
  boolean isUsedIn(JsonNode sweep) {
    return PROMPTS.stream()
        .anyMatch(
            prompt ->
                sweep.path(prompt).asText().contains(placeholder())
                    || sweep.path("matrix").path(prompt).toString().contains(placeholder()));
  }

  private String placeholder() {
    return "{" + name + "}";
  }
}

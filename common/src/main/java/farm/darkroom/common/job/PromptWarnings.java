package farm.darkroom.common.job;

import farm.darkroom.common.json.Found;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Warns of prompts in the syntax of other programs, which are encoded as ordinary words. */
public final class PromptWarnings {
  private static final Pattern NETWORK = Pattern.compile("<(lora|lyco|hypernet):[^<>]+>");
  private static final Pattern WEIGHT =
      Pattern.compile("\\([^()]+:\\s*[+-]?(\\d+(\\.\\d*)?|\\.\\d+)\\s*\\)");

  private PromptWarnings() {}

  /** One line about the first of these jobs that has any; empty when none has. */
  public static Optional<String> of(List<RenderJob> jobs) {
    return jobs.stream().flatMap(job -> of(job.prompts()).stream()).findFirst();
  }

  private static Optional<String> of(Prompts prompts) {
    return texts(prompts)
        .flatMap(text -> first(NETWORK, text).stream())
        .findFirst()
        .map(
            found ->
                "%s in a prompt is read as words; a LoRA is named in the job's \"loras\": [{\"path\": \"film.safetensors\", \"weight\": 0.8}]"
                    .formatted(found))
        .or(() -> weight(prompts));
  }

  private static Optional<String> weight(Prompts prompts) {
    return texts(prompts)
        .filter(text -> prompts.syntax() == PromptSyntax.PLAIN)
        .flatMap(text -> first(WEIGHT, text).stream())
        .findFirst()
        .map(
            found ->
                "%s in a prompt is read as words; it is a weight with \"prompt_syntax\": \"weighted\""
                    .formatted(found));
  }

  private static Stream<String> texts(Prompts prompts) {
    return Stream.of(
            Optional.of(prompts.prompt()),
            prompts.prompt2(),
            prompts.negativePrompt(),
            prompts.negativePrompt2())
        .flatMap(Optional::stream);
  }

  private static Optional<String> first(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    return found.find() ? Optional.of(Found.quoted(found.group())) : Optional.empty();
  }
}

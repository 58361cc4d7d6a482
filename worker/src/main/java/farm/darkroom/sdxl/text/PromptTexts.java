package farm.darkroom.sdxl.text;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The prompts of a request.
 *
 * @param prompt2 for the second encoder; default: the prompt
 * @param negativePrompt empty: none, which is not the same as {@code ""} only where the snapshot
 *     forces zeros for an absent one
 * @param clipSkip layers to skip before the penultimate one, on the positive side
 * @param weighted whether the texts are in the syntax of the AUTOMATIC1111 web UI, with {@code
 *     (word:1.3)}, {@code [word]}, {@code BREAK} and any number of tokens
 */
public record PromptTexts(
    String prompt,
    Optional<String> prompt2,
    Optional<String> negativePrompt,
    Optional<String> negativePrompt2,
    OptionalInt clipSkip,
    boolean weighted) {

  /** A plain prompt. */
  public static PromptTexts of(String prompt) {
    return new PromptTexts(
        prompt, Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), false);
  }
}

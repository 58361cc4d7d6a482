package farm.darkroom.common.job;

import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.List;
import java.util.Optional;

/**
 * What a job says in words, as in StableDiffusionXLPipeline.encode_prompt.
 *
 * @param prompt for the first text encoder
 * @param prompt2 for the second; absent: {@code prompt}
 * @param negativePrompt absent is not the same as empty: a model with force_zeros_for_empty_prompt
 *     then uses zeros
 * @param negativePrompt2 absent: {@code negativePrompt}
 * @param clipSkip layers of the text encoders to leave out; absent: none
 */
public record Prompts(
    String prompt,
    Optional<String> prompt2,
    Optional<String> negativePrompt,
    Optional<String> negativePrompt2,
    Optional<Integer> clipSkip,
    PromptSyntax syntax) {
  private static final JsonType<String> WORDS = JsonTypes.text(20_000);
  private static final JsonType<Integer> LAYERS = JsonTypes.integer(0, 30);
  private static final JsonType<PromptSyntax> SYNTAX =
      JsonTypes.oneOf(List.of("plain", "weighted")).as(PromptSyntax::of);

  /** Reads them; {@code prompt} is empty where it was refused. */
  static Prompts read(Fields f) {
    String prompt = f.required("prompt", WORDS).orElse("");
    // diffusers: prompt_2 = prompt_2 or prompt, and the same for the negative ones
    Optional<String> negative = f.optional("negative_prompt", WORDS);
    return new Prompts(
        prompt,
        f.optional("prompt_2", WORDS).filter(p -> !p.isEmpty() && !p.equals(prompt)),
        negative,
        f.optional("negative_prompt_2", WORDS)
            .filter(p -> !p.isEmpty() && !Optional.of(p).equals(negative)),
        f.optional("clip_skip", LAYERS).filter(layers -> layers > 0),
        f.or("prompt_syntax", SYNTAX, PromptSyntax.PLAIN));
  }

  void write(FieldWriter out) {
    out.put("prompt", prompt)
        .put("prompt_2", prompt2)
        .put("negative_prompt", negativePrompt)
        .put("negative_prompt_2", negativePrompt2)
        .put("clip_skip", clipSkip)
        .putUnless(PromptSyntax.PLAIN.label(), "prompt_syntax", syntax.label());
  }
}

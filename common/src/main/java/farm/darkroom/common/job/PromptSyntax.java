package farm.darkroom.common.job;

import java.util.Locale;

/** How prompts are parsed. */
public enum PromptSyntax {
  /** As diffusers does: every character is text, cut after 77 tokens. */
  PLAIN,
  /** As A1111 does: {@code (word:1.3)} weighs, long prompts are encoded in chunks. */
  WEIGHTED;

  /** The name in JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static PromptSyntax of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}

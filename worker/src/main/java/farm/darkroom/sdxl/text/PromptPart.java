package farm.darkroom.sdxl.text;

/** A piece of a weighted prompt. */
sealed interface PromptPart {

  /** Words that share a weight; 1 is as written. */
  record Words(String text, double weight) implements PromptPart {}

  /** A BREAK: the following text begins a new chunk. */
  record Break() implements PromptPart {}
}

package farm.darkroom.sdxl.text;

/** A piece of a weighted prompt. */
sealed interface PromptPart {

  /** Words that share a weight; 1 is as written. */
  record Words(String text, double weight) implements PromptPart {}

  /** What follows begins a chunk of its own. */
  record Break() implements PromptPart {}
}

package farm.darkroom.worker.render.plan;

import farm.darkroom.common.job.PromptSyntax;
import farm.darkroom.common.job.Prompts;
import farm.darkroom.common.job.RenderJob;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How long a job's text is for the model, estimated without a tokenizer and rather too long. */
final class TextLength {
  private static final int CHUNK = 77;

  /** Tokens of a chunk that is cut after a comma, at the least. */
  private static final int LEAST = 55;

  /** Letters that are one word to the tokenizer, a digit, or another character. */
  private static final Pattern PIECE = Pattern.compile("[A-Za-z]+|[^\\sA-Za-z]");

  private static final Pattern BREAK = Pattern.compile("\\bBREAK\\b");

  /** Letters of a token, in words and in what is none. */
  private static final int WORDS = 3;

  private static final int OTHERS = 2;
  private static final int LONG_WORD = 12;

  private TextLength() {}

  /**
   * Tokens, begin, end and padding among them: both sides are as long as the longest of the four
   * texts.
   */
  static int of(RenderJob job) {
    Prompts prompts = job.prompts();
    if (prompts.syntax() != PromptSyntax.WEIGHTED) {
      return CHUNK;
    }
    int added = job.additions().embeddings().isEmpty() ? 0 : 1; // words of several vectors
    int longest =
        Stream.concat(
                Stream.of(prompts.prompt()),
                Stream.of(prompts.prompt2(), prompts.negativePrompt(), prompts.negativePrompt2())
                    .flatMap(Optional::stream))
            .mapToInt(TextLength::chunks)
            .max()
            .orElseThrow();
    return CHUNK * (longest + added);
  }

  private static int chunks(String text) {
    int breaks = (int) BREAK.matcher(text).results().count();
    int tokens = 0;
    Matcher pieces = PIECE.matcher(text);
    while (pieces.find()) {
      tokens += tokens(pieces.group());
    }
    return 1 + breaks + tokens / LEAST;
  }

  /** The vocabulary is of bytes: a character that is no letter of English is some of them. */
  private static int tokens(String piece) {
    int bytes = piece.getBytes(StandardCharsets.UTF_8).length;
    if (!Character.isLetter(piece.charAt(0)) || piece.charAt(0) > 'z') {
      return bytes;
    }
    return 1 + (bytes - 1) / (bytes > LONG_WORD ? OTHERS : WORDS);
  }
}

package farm.darkroom.sdxl.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import farm.darkroom.sdxl.SdxlException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * transformers' CLIPTokenizer: byte-level BPE over lower-cased words. Ids are those of
 * transformers, special tokens inside a text included; a pad token such as {@code "!"} is one of
 * them. Native memory: close it. Thread-safe.
 */
public final class CLIPTokenizer implements AutoCloseable {
  private static final int UNPAIRED = 0xFFFD;

  private final TokenizerFiles files;
  private final HuggingFaceTokenizer tokenizer;
  private final AddedTokenIds words;
  private final long vocabularySize;
  private final long bos;
  private final long eos;
  private final long pad;

  private CLIPTokenizer(TokenizerFiles files, List<AddedToken> added) {
    this.files = files;
    this.vocabularySize = files.size();
    this.bos = files.id("bos_token");
    this.eos = files.id("eos_token");
    this.pad = files.id("pad_token");
    List<AddedToken> parts = added.stream().flatMap(word -> word.parts().stream()).toList();
    this.tokenizer = open(files, parts);
    this.words = new AddedTokenIds(added, numbered(parts));
  }

  /**
   * Opens a snapshot's tokenizer folder: tokenizer.json, or vocab.json and merges.txt, with
   * tokenizer_config.json and special_tokens_map.json where there are such.
   *
   * @throws SdxlException naming the file when one is missing or wrong
   */
  public static CLIPTokenizer open(Path folder) {
    return new CLIPTokenizer(TokenizerFiles.read(folder), List.of());
  }

  /**
   * A tokenizer extended with added tokens.
   *
   * @throws SdxlException for a word that the vocabulary has already, or that special tokens hide
   */
  CLIPTokenizer with(List<AddedToken> added) {
    for (AddedToken word : added) {
      if (files.vocabulary().has(word.text())) {
        throw new SdxlException(
            folder() + ": the vocabulary has " + word.text() + " already; choose another token");
      }
    }
    return new CLIPTokenizer(files, added);
  }

  private static HuggingFaceTokenizer open(TokenizerFiles files, List<AddedToken> added) {
    byte[] json = TokenizerJson.of(files, added).toString().getBytes(StandardCharsets.UTF_8);
    Map<String, String> whole =
        Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
    try (InputStream in = new ByteArrayInputStream(json)) {
      return HuggingFaceTokenizer.newInstance(in, whole);
    } catch (IOException | RuntimeException e) {
      throw new SdxlException(files.folder() + ": no CLIP tokenizer: " + e.getMessage(), e);
    }
  }

  /** By the ids that the library chooses for them. */
  private Map<Long, AddedToken> numbered(List<AddedToken> parts) {
    Map<Long, AddedToken> numbered = new HashMap<>();
    for (AddedToken word : parts) {
      long[] ids = encoded(word.text());
      if (ids.length != 1 || numbered.putIfAbsent(ids[0], word) != null) {
        tokenizer.close();
        throw new SdxlException(
            folder() + ": " + word.text() + " cannot be told apart; choose another token");
      }
    }
    return numbered;
  }

  public Path folder() {
    return files.folder();
  }

  /** Tokens of a prompt at most, begin and end among them, if the folder says so. */
  public OptionalInt modelMaxLength() {
    return files.modelMaxLength();
  }

  /**
   * The largest id of a tokenizer that is not open, plus one.
   *
   * @throws SdxlException when the folder has none
   */
  public static long vocabularySize(Path folder) {
    return TokenizerFiles.read(folder).size();
  }

  /** The largest id of the vocabulary, plus one. */
  public long vocabularySize() {
    return vocabularySize;
  }

  public long eos() {
    return eos;
  }

  public long pad() {
    return pad;
  }

  /** The ids of a text, with neither begin nor end nor padding. Unpaired surrogates are U+FFFD. */
  public long[] ids(String text) {
    return units(text).stream().flatMapToLong(Arrays::stream).toArray();
  }

  /** The ids of a text, one array for each token: an added token has the ids of all its vectors. */
  List<long[]> units(String text) {
    String whole = wellFormed(text);
    long[] ids = encoded(whole);
    if (words.words().isEmpty()) {
      return words.units(ids);
    }
    String spelled = words.spelledOut(whole, ids);
    return words.units(spelled.equals(whole) ? ids : encoded(spelled));
  }

  private long[] encoded(String text) {
    return tokenizer.encode(text, false, false).getIds();
  }

  /** Warnings about the added tokens. */
  List<String> warnings() {
    return words.warnings();
  }

  /** The text of ids, as transformers' batch_decode gives it. */
  String text(long[] ids) {
    Map<Long, Long> known = words.byFirstId();
    long[] library =
        Arrays.stream(ids)
            .filter(id -> id < vocabularySize || known.containsKey(id))
            .map(id -> id < vocabularySize ? id : known.get(id))
            .toArray();
    return tokenizer.decode(library, false).replace("</w>", " ").strip();
  }

  /** One chunk, from the first {@code length - 2} of the text's ids. */
  ChunkedText fit(String text, int length) {
    long[] ids = ids(text);
    int kept = Math.min(ids.length, length - 2);
    float[] weights = new float[length];
    Arrays.fill(weights, 1);
    TextChunk chunk = new TextChunk(prompt(Arrays.copyOf(ids, kept), length), weights);
    Optional<String> removed =
        kept == ids.length
            ? Optional.empty()
            : Optional.of(text(Arrays.copyOfRange(ids, kept, ids.length)));
    return new ChunkedText(List.of(chunk), removed);
  }

  /** Begin, {@code ids}, end, padding: {@code length} in all. */
  long[] prompt(long[] ids, int length) {
    long[] prompt = new long[length];
    Arrays.fill(prompt, pad);
    prompt[0] = bos;
    System.arraycopy(ids, 0, prompt, 1, ids.length);
    prompt[ids.length + 1] = eos;
    return prompt;
  }

  private static String wellFormed(String text) {
    return text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? UNPAIRED : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}

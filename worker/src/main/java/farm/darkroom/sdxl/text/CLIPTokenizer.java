package farm.darkroom.sdxl.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.SdxlException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
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
  private final long bos;
  private final long eos;
  private final long pad;

  private CLIPTokenizer(TokenizerFiles files, List<String> added, long firstAdded) {
    this.files = files;
    this.bos = files.id("bos_token");
    this.eos = files.id("eos_token");
    this.pad = files.id("pad_token");
    this.tokenizer = open(files, added, firstAdded);
  }

  /**
   * Opens a snapshot's tokenizer folder: tokenizer.json, or vocab.json and merges.txt, with
   * tokenizer_config.json and special_tokens_map.json where there are such.
   *
   * @throws SdxlException naming the file when one is missing or wrong
   */
  public static CLIPTokenizer open(Path folder) {
    return new CLIPTokenizer(TokenizerFiles.read(folder), List.of(), 0);
  }

  /** Another tokenizer that knows the words too; their ids are {@code firstAdded} and up. */
  CLIPTokenizer with(List<String> words, long firstAdded) {
    return new CLIPTokenizer(files, words, firstAdded);
  }

  private static HuggingFaceTokenizer open(
      TokenizerFiles files, List<String> added, long firstAdded) {
    byte[] json =
        TokenizerJson.of(files, added, firstAdded).toString().getBytes(StandardCharsets.UTF_8);
    Map<String, String> whole =
        Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
    try (InputStream in = new ByteArrayInputStream(json)) {
      return HuggingFaceTokenizer.newInstance(in, whole);
    } catch (IOException | RuntimeException e) {
      throw new SdxlException(files.folder() + ": no CLIP tokenizer: " + e.getMessage(), e);
    }
  }

  public Path folder() {
    return files.folder();
  }

  /** Tokens of a prompt at most, begin and end among them, if the folder says so. */
  public OptionalInt modelMaxLength() {
    return files.modelMaxLength();
  }

  /** The largest id of the vocabulary, plus one. */
  public long vocabularySize() {
    long size = 0;
    for (JsonNode id : files.vocabulary()) {
      size = Math.max(size, id.asLong() + 1);
    }
    for (long id : files.specials().table().keySet()) {
      size = Math.max(size, id + 1);
    }
    return size;
  }

  /** Whether the text is a token of the vocabulary as it stands. */
  boolean knows(String token) {
    return files.vocabulary().has(token);
  }

  public long bos() {
    return bos;
  }

  public long eos() {
    return eos;
  }

  public long pad() {
    return pad;
  }

  /** The ids of a text, with neither begin nor end nor padding. Unpaired surrogates are U+FFFD. */
  public long[] ids(String text) {
    return tokenizer.encode(wellFormed(text), false, false).getIds();
  }

  /** The text of ids, as transformers' batch_decode gives it. */
  public String text(long[] ids) {
    return tokenizer.decode(ids, false).replace("</w>", " ").strip();
  }

  /** A prompt of {@code length} ids, from the first {@code length - 2} of {@code ids}. */
  TokenizedText fit(long[] ids, int length) {
    int room = length - 2;
    if (ids.length <= room) {
      return new TokenizedText(prompt(ids, length), Optional.empty());
    }
    String removed = text(Arrays.copyOfRange(ids, room, ids.length));
    return new TokenizedText(prompt(Arrays.copyOf(ids, room), length), Optional.of(removed));
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

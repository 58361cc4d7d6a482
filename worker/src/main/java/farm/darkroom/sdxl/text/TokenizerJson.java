package farm.darkroom.sdxl.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeMap;

/**
 * Writes the tokenizer.json of a CLIP tokenizer, which snapshots of SDXL do not carry: the same
 * normaliser, splitter and model as transformers' CLIPTokenizer builds. Begin and end of a prompt
 * are not its business, so there is no post-processor.
 */
final class TokenizerJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String WORDS =
      "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

  private TokenizerJson() {}

  /** With {@code added} words. */
  static ObjectNode of(TokenizerFiles files, List<AddedToken> added) {
    ObjectNode root = JSON.objectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding").putNull("post_processor");
    root.set("added_tokens", addedTokens(files, added));
    root.set("normalizer", normalizer());
    root.set("pre_tokenizer", preTokenizer());
    root.set("decoder", byteLevel().put("add_prefix_space", true));
    root.set("model", model(files));
    return root;
  }

  /** By id; where two names are one token, the later one decides how it is found. */
  private static ArrayNode addedTokens(TokenizerFiles files, List<AddedToken> added) {
    TreeMap<Long, SpecialToken> tokens = new TreeMap<>(files.specials().table());
    files.specials().named().forEach((key, token) -> tokens.put(files.id(key), token));
    added.forEach(word -> tokens.put(word.firstId(), SpecialToken.word(word.text())));
    ArrayNode array = JSON.arrayNode();
    tokens.forEach((id, token) -> array.add(token.json(id)));
    return array;
  }

  private static ObjectNode normalizer() {
    ObjectNode spaces = JSON.objectNode().put("type", "Replace").put("content", " ");
    spaces.putObject("pattern").put("Regex", "\\s+");
    ObjectNode sequence = JSON.objectNode().put("type", "Sequence");
    sequence
        .putArray("normalizers")
        .add(JSON.objectNode().put("type", "NFC"))
        .add(spaces)
        .add(JSON.objectNode().put("type", "Lowercase"));
    return sequence;
  }

  private static ObjectNode preTokenizer() {
    ObjectNode split = JSON.objectNode().put("type", "Split").put("behavior", "Removed");
    split.put("invert", true).putObject("pattern").put("Regex", WORDS);
    ObjectNode sequence = JSON.objectNode().put("type", "Sequence");
    sequence.putArray("pretokenizers").add(split).add(byteLevel().put("add_prefix_space", false));
    return sequence;
  }

  private static ObjectNode byteLevel() {
    return JSON.objectNode()
        .put("type", "ByteLevel")
        .put("trim_offsets", true)
        .put("use_regex", true);
  }

  private static ObjectNode model(TokenizerFiles files) {
    ObjectNode model = JSON.objectNode().put("type", "BPE").putNull("dropout");
    model
        .put("unk_token", files.specials().named().get("unk_token").content())
        .put("continuing_subword_prefix", "")
        .put("end_of_word_suffix", "</w>")
        .put("fuse_unk", false)
        .put("byte_fallback", false);
    model.set("vocab", files.vocabulary());
    model.set("merges", files.merges());
    return model;
  }
}

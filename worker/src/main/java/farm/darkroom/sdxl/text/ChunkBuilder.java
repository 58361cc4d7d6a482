package farm.darkroom.sdxl.text;

import farm.darkroom.sdxl.SdxlException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a prompt of any length into chunks by the rule of the AUTOMATIC1111 web UI: a full chunk is
 * cut after its last comma if that is among its last 20 tokens, so that phrases stay whole. The
 * vectors of one added word are never parted.
 */
final class ChunkBuilder {
  private static final int BACKTRACK = 20;

  private final CLIPTokenizer tokenizer;
  private final int length;
  private final int room;
  private final long comma;
  private final List<TextChunk> chunks = new ArrayList<>();
  private List<Unit> units = new ArrayList<>();

  @SuppressWarnings("ArrayRecordComponent") // numbers are handed over, never compared
  private record Unit(long[] ids, double weight) {}

  /**
   * @param length of a chunk with begin and end
   */
  ChunkBuilder(CLIPTokenizer tokenizer, int length) {
    this.tokenizer = tokenizer;
    this.length = length;
    this.room = length - 2;
    this.comma = tokenizer.ids(",")[0];
  }

  /** All chunks of a weighted prompt; an empty one has one. */
  static List<TextChunk> chunks(CLIPTokenizer tokenizer, int length, List<PromptPart> parts) {
    ChunkBuilder builder = new ChunkBuilder(tokenizer, length);
    for (PromptPart part : parts) {
      if (part instanceof PromptPart.Words words) {
        tokenizer.units(words.text()).forEach(ids -> builder.add(new Unit(ids, words.weight())));
      } else {
        builder.cut();
      }
    }
    if (!builder.units.isEmpty() || builder.chunks.isEmpty()) {
      builder.cut();
    }
    return List.copyOf(builder.chunks);
  }

  private void add(Unit unit) {
    if (unit.ids().length > room) {
      throw new SdxlException(
          "an embedding of " + unit.ids().length + " vectors; a prompt has room for " + room);
    }
    int used = used();
    if (used == room && !isComma(unit)) {
      cutAfterComma();
    }
    if (used() + unit.ids().length > room) {
      cut();
    }
    units.add(unit);
  }

  private void cutAfterComma() {
    int after = 0;
    for (int i = units.size() - 1; i >= 0 && after < BACKTRACK; i--) {
      after += units.get(i).ids().length;
      if (isComma(units.get(i))) {
        List<Unit> next = new ArrayList<>(units.subList(i + 1, units.size()));
        units = new ArrayList<>(units.subList(0, i + 1));
        cut();
        units = next;
        return;
      }
    }
  }

  private boolean isComma(Unit unit) {
    return unit.ids().length == 1 && unit.ids()[0] == comma;
  }

  private int used() {
    return units.stream().mapToInt(unit -> unit.ids().length).sum();
  }

  private void cut() {
    long[] ids = units.stream().flatMapToLong(unit -> Arrays.stream(unit.ids())).toArray();
    float[] weights = new float[length];
    Arrays.fill(weights, 1);
    int at = 1;
    for (Unit unit : units) {
      Arrays.fill(weights, at, at + unit.ids().length, (float) unit.weight());
      at += unit.ids().length;
    }
    chunks.add(new TextChunk(tokenizer.prompt(ids, length), weights));
    units = new ArrayList<>();
  }
}

package farm.darkroom.common.job;

import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.List;

/** A size in pixels, {@code [height, width]} in JSON. */
public record PixelSize(int height, int width) {

  static JsonType<PixelSize> type() {
    return JsonTypes.listOf(JsonTypes.integer(1, 16384), 2, 2)
        .as(pair -> new PixelSize(pair.get(0), pair.get(1)));
  }

  List<Integer> pair() {
    return List.of(height, width);
  }
}

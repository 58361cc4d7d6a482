package farm.darkroom.common.job;

import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.List;

/** The corner of a crop in pixels, {@code [top, left]} in JSON. */
public record CropCorner(int top, int left) {
  /** No crop. */
  public static final CropCorner ORIGIN = new CropCorner(0, 0);

  static JsonType<CropCorner> type() {
    return JsonTypes.listOf(JsonTypes.integer(0, 16384), 2, 2)
        .as(pair -> new CropCorner(pair.get(0), pair.get(1)));
  }

  List<Integer> pair() {
    return List.of(top, left);
  }
}

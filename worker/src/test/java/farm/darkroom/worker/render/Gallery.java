package farm.darkroom.worker.render;

import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.port.RenderListener;
import java.util.ArrayList;
import java.util.List;

/** Keeps all previews, of which it does not want the second step's. */
final class Gallery implements RenderListener {
  final List<Picture> shown = new ArrayList<>();
  final List<Integer> asked = new ArrayList<>();

  @Override
  public void step(int done, int of) {}

  @Override
  public boolean wantsPreview(int step) {
    asked.add(step);
    return step != 2;
  }

  @Override
  public void preview(Picture picture) {
    shown.add(picture);
  }
}

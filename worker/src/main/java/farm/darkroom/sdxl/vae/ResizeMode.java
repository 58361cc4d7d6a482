package farm.darkroom.sdxl.vae;

/** The ways to fit a picture of another aspect ratio to a size (diffusers: {@code resize_mode}). */
public enum ResizeMode {
  /** Stretched. */
  DEFAULT {
    @Override
    Raster resize(Raster raster, Size size) {
      return Resampling.resize(raster, size, ResampleFilter.LANCZOS);
    }
  },
  /** As large as fits inside, in the middle; its edges are stretched into the rest. */
  FILL {
    @Override
    Raster resize(Raster raster, Size size) {
      double more = ratio(size) - ratio(raster.size());
      Size inside = more < 0 ? scaledToWidth(raster, size) : scaledToHeight(raster, size);
      Raster inner = Resampling.resize(raster, inside, ResampleFilter.LANCZOS);
      Raster out = centred(inner, size);
      if (more < 0) {
        fillAboveAndBelow(out, inner);
      } else if (more > 0) {
        fillLeftAndRight(out, inner);
      }
      return out;
    }
  },
  /** As small as covers all, in the middle; the rest is cut off. */
  CROP {
    @Override
    Raster resize(Raster raster, Size size) {
      boolean wider = ratio(size) > ratio(raster.size());
      Size outside = wider ? scaledToWidth(raster, size) : scaledToHeight(raster, size);
      return centred(Resampling.resize(raster, outside, ResampleFilter.LANCZOS), size);
    }
  };

  /** The picture in the size; RGB from {@link #FILL} and {@link #CROP}, whatever it was. */
  abstract Raster resize(Raster raster, Size size);

  private static double ratio(Size size) {
    return (double) size.width() / size.height();
  }

  private static Size scaledToWidth(Raster raster, Size size) {
    return new Size(scaled(raster.height(), size.width(), raster.width()), size.width());
  }

  private static Size scaledToHeight(Raster raster, Size size) {
    return new Size(size.height(), scaled(raster.width(), size.height(), raster.height()));
  }

  private static int scaled(int length, int to, int from) {
    return Math.toIntExact((long) length * to / from);
  }

  private static Raster centred(Raster raster, Size size) {
    int left = size.width() / 2 - raster.width() / 2;
    int top = size.height() / 2 - raster.height() / 2;
    return Raster.blank(size, 3).pasted(raster.rgb(), left, top);
  }

  private static void fillAboveAndBelow(Raster out, Raster inner) {
    int width = out.width();
    int fill = out.height() / 2 - inner.height() / 2;
    if (fill > 0) {
      out.pasted(edge(inner, new Size(fill, width), new Box(0, 0, width, 0)), 0, 0);
      Box last = new Box(0, inner.height(), width, inner.height());
      out.pasted(edge(inner, new Size(fill, width), last), 0, fill + inner.height());
    }
  }

  private static void fillLeftAndRight(Raster out, Raster inner) {
    int height = out.height();
    int fill = out.width() / 2 - inner.width() / 2;
    if (fill > 0) {
      out.pasted(edge(inner, new Size(height, fill), new Box(0, 0, 0, height)), 0, 0);
      Box last = new Box(inner.width(), 0, inner.width(), height);
      out.pasted(edge(inner, new Size(height, fill), last), fill + inner.width(), 0);
    }
  }

  private static Raster edge(Raster inner, Size size, Box box) {
    return Resampling.resize(inner, size, ResampleFilter.BICUBIC, box).rgb();
  }
}

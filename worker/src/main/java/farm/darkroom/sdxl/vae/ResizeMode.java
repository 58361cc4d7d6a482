package farm.darkroom.sdxl.vae;

/** How a picture of another shape comes to a size (diffusers: {@code resize_mode}). */
public enum ResizeMode {
  /** Stretched. */
  DEFAULT {
    @Override
    Raster resize(Raster raster, int width, int height) {
      return Resampling.resize(raster, width, height, ResampleFilter.LANCZOS);
    }
  },
  /** As large as fits inside, in the middle; its edges are stretched into the rest. */
  FILL {
    @Override
    Raster resize(Raster raster, int width, int height) {
      double ratio = (double) width / height;
      double own = (double) raster.width() / raster.height();
      int inWidth = ratio < own ? width : scaled(raster.width(), height, raster.height());
      int inHeight = ratio >= own ? height : scaled(raster.height(), width, raster.width());
      Raster inner = Resampling.resize(raster, inWidth, inHeight, ResampleFilter.LANCZOS);
      Raster out = centred(inner, width, height);
      if (ratio < own) {
        fillAboveAndBelow(out, inner);
      } else if (ratio > own) {
        fillLeftAndRight(out, inner);
      }
      return out;
    }
  },
  /** As small as covers all, in the middle; the rest is cut off. */
  CROP {
    @Override
    Raster resize(Raster raster, int width, int height) {
      double ratio = (double) width / height;
      double own = (double) raster.width() / raster.height();
      int outWidth = ratio > own ? width : scaled(raster.width(), height, raster.height());
      int outHeight = ratio <= own ? height : scaled(raster.height(), width, raster.width());
      Raster outer = Resampling.resize(raster, outWidth, outHeight, ResampleFilter.LANCZOS);
      return centred(outer, width, height);
    }
  };

  /** The picture in the size; RGB from {@link #FILL} and {@link #CROP}, whatever it was. */
  abstract Raster resize(Raster raster, int width, int height);

  private static int scaled(int length, int to, int from) {
    return Math.toIntExact((long) length * to / from);
  }

  private static Raster centred(Raster raster, int width, int height) {
    return Raster.blank(width, height, 3)
        .pasted(raster.rgb(), width / 2 - raster.width() / 2, height / 2 - raster.height() / 2);
  }

  private static void fillAboveAndBelow(Raster out, Raster inner) {
    int width = out.width();
    int fill = out.height() / 2 - inner.height() / 2;
    if (fill > 0) {
      out.pasted(edge(inner, width, fill, new Box(0, 0, width, 0)), 0, 0);
      Box last = new Box(0, inner.height(), width, inner.height());
      out.pasted(edge(inner, width, fill, last), 0, fill + inner.height());
    }
  }

  private static void fillLeftAndRight(Raster out, Raster inner) {
    int height = out.height();
    int fill = out.width() / 2 - inner.width() / 2;
    if (fill > 0) {
      out.pasted(edge(inner, fill, height, new Box(0, 0, 0, height)), 0, 0);
      Box last = new Box(inner.width(), 0, inner.width(), height);
      out.pasted(edge(inner, fill, height, last), fill + inner.width(), 0);
    }
  }

  private static Raster edge(Raster inner, int width, int height, Box box) {
    return Resampling.resize(inner, width, height, ResampleFilter.BICUBIC, box).rgb();
  }
}

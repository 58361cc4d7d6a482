package farm.darkroom.worker.picture;

/**
 * Places the first frame of a GIF on its canvas, which may be larger (GIF89a specification,
 * sections 18, 20 and 23). As in Pillow, the surroundings are transparent, or else the first colour
 * of the palette.
 */
record GifCanvas(int width, int height, int left, int top, int around) {
  private static final int SCREEN = 6;
  private static final int HEADER = 13;
  private static final int FRAME = 10;
  private static final int EXTENSION = '!';
  private static final int CONTROL = 0xf9;

  /** Reads it from a file whose first frame could be decoded. */
  static GifCanvas of(byte[] gif) {
    int at = HEADER + paletteBytes(gif[SCREEN + 4]);
    int transparent = -1;
    while (gif[at] == EXTENSION) {
      if ((gif[at + 1] & 0xff) == CONTROL && (gif[at + 3] & 1) == 1) {
        transparent = gif[at + 6] & 0xff;
      }
      at = afterBlocks(gif, at + 2);
    }
    int left = number(gif, at + 1);
    int top = number(gif, at + 3);
    return new GifCanvas(
        Math.max(number(gif, SCREEN), left + number(gif, at + 5)),
        Math.max(number(gif, SCREEN + 2), top + number(gif, at + 7)),
        left,
        top,
        colour(gif, at, Math.max(0, transparent)));
  }

  private static int paletteBytes(byte flags) {
    return flags < 0 ? 3 << ((flags & 7) + 1) : 0;
  }

  private static int afterBlocks(byte[] gif, int from) {
    int at = from;
    while (gif[at] != 0) {
      at += 1 + (gif[at] & 0xff);
    }
    return at + 1;
  }

  private static int number(byte[] gif, int at) {
    return gif[at] & 0xff | (gif[at + 1] & 0xff) << Byte.SIZE;
  }

  /**
   * A colour of the frame's own palette, or else of the file's; black if the index is out of range.
   */
  private static int colour(byte[] gif, int frame, int index) {
    boolean own = gif[frame + FRAME - 1] < 0;
    int from = own ? frame + FRAME : HEADER;
    int bytes = paletteBytes(gif[own ? frame + FRAME - 1 : SCREEN + 4]);
    int at = from + 3 * index;
    return 3 * index < bytes
        ? (gif[at] & 0xff) << 16 | (gif[at + 1] & 0xff) << 8 | gif[at + 2] & 0xff
        : 0;
  }

  /** The frame in its place. */
  Picture with(Picture frame) {
    if (frame.width() == width && frame.height() == height) {
      return frame;
    }
    byte[] rgb = new byte[3 * width * height];
    byte[] fill = {(byte) (around >> 16), (byte) (around >> 8), (byte) around};
    for (int i = 0; i < rgb.length; i += fill.length) {
      System.arraycopy(fill, 0, rgb, i, fill.length);
    }
    for (int y = 0; y < frame.height(); y++) {
      int to = 3 * ((top + y) * width + left);
      System.arraycopy(frame.rgb(), 3 * y * frame.width(), rgb, to, 3 * frame.width());
    }
    return new Picture(width, height, rgb);
  }
}

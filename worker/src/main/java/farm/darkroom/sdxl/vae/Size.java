package farm.darkroom.sdxl.vae;

/** Height and width, in diffusers' order, in pixels where nothing else is said. */
public record Size(int height, int width) {}

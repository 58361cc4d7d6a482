package farm.darkroom.worker;

/** One thing that a render gives. */
public sealed interface Output permits Picture, Latents {}

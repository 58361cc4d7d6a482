package farm.darkroom.sdxl.text;

/**
 * A prompt as an encoder takes it.
 *
 * @param ids begin, tokens, end, padding: as many as the encoder has positions, or fewer
 * @param skip layers to leave out at the end, on top of the last one, which SDXL never uses: 0 is
 *     the penultimate hidden state, {@code clip_skip} of diffusers
 */
@SuppressWarnings("ArrayRecordComponent") // numbers are handed over, never compared
record TextInput(long[] ids, int skip) {}

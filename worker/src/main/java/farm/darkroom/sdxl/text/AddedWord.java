package farm.darkroom.sdxl.text;

/**
 * A word that stands for embeddings of the user's own.
 *
 * @param text found anywhere in a prompt, in any case
 * @param firstId of its first vector; the others follow
 */
record AddedWord(String text, long firstId, int vectors) {}

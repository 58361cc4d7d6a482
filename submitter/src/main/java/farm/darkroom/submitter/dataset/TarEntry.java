package farm.darkroom.submitter.dataset;

/** A file in a tar archive. */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
record TarEntry(String name, byte[] bytes) {}

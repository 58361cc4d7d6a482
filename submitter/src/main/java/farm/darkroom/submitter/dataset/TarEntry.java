package farm.darkroom.submitter.dataset;

/** A file in a tar archive. */
record TarEntry(String name, byte[] bytes) {}

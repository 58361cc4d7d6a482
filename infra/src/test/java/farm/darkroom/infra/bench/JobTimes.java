package farm.darkroom.infra.bench;

/** When a job passed where, in {@link System#nanoTime}. */
record JobTimes(String key, long leased, long begun, long ended, long accepted) {}

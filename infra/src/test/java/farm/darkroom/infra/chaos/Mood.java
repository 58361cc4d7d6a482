package farm.darkroom.infra.chaos;

/** How a worker's renderer is. */
enum Mood {
  HEALTHY,
  /** After its first probe nothing comes out any more, probes included. */
  SICK,
  /** Probes come out, jobs do not. */
  DECEPTIVE,
  /** It has no model at all. */
  BARE
}

package farm.darkroom.infra.chaos;

/** Where a worker can be when something happens to it. */
enum Moment {
  LEASED,
  RENDERING,
  /** Between image and record. */
  IMAGE_STORED,
  /** Between record and event. */
  RECORD_STORED,
  /** Between event and acknowledgement. */
  SAID_STORED,
  ACCEPTED
}

package farm.darkroom.worker;

/** A stage that holds a lease. */
sealed interface HeldStage extends Stage
    permits Leased,
        Rendering,
        Judging,
        Storing,
        Settling,
        Refusing,
        Declining,
        HandingBack,
        Yielding,
        Departing {

  Held held();
}

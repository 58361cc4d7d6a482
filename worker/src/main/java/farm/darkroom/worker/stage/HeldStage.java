package farm.darkroom.worker.stage;

import farm.darkroom.worker.lease.HeldJob;

/** A stage that holds a lease. */
sealed interface HeldStage extends Stage
    permits Leased,
        Known,
        Rendering,
        Judging,
        Storing,
        Settling,
        Refusing,
        Declining,
        HandingBack,
        Yielding,
        Departing {

  HeldJob held();
}

package farm.darkroom.worker.stage;

import farm.darkroom.worker.lease.HeldJob;

/** A stage that holds a lease. */
sealed interface HeldStage extends Stage
    permits Leased,
        Admitting,
        Rendering,
        Diagnosing,
        Storing,
        Acknowledging,
        Rejecting,
        Declining,
        HandingBack,
        Yielding,
        Releasing {

  HeldJob held();
}

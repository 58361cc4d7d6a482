package farm.darkroom.sdxl.schedulers;

import java.util.ArrayList;
import java.util.List;

/** The order of each call of a singlestep solver: 1, 2, 3, 1, 2, 3, ... and a lower end. */
final class SinglestepOrders {
  private SinglestepOrders() {}

  static List<Integer> of(SchedulerConfig config, int calls) {
    int order = config.whole("solver_order");
    boolean zero = config.is("final_sigmas_type", "zero");
    List<Integer> orders = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      orders.add(i % order + 1);
    }
    // A last group that is whole would end in its highest order: 1, 2, 3 becomes 1, 2, 1.
    if (zero || (config.flag("lower_order_final") && calls % order == 0)) {
      orders.set(calls - 1, 1);
    }
    return orders;
  }
}
